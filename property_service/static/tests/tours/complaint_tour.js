import { registry } from "@web/core/registry";

// Complaints from the portal to the end. Each person signs in anew, so each has tours of the own; between them only the database
// goes on. Selectors hold no words of the pages, so the same steps serve people of any language. "Pump hums" and "Water pressure"
// are what the resident calls the matters.

function checkWidth() {
    const width = document.documentElement.scrollWidth;
    if (width > window.innerWidth) {
        throw new Error(`The page is ${width} px wide, the screen ${window.innerWidth}`);
    }
}

const submit = (trigger) => ({ trigger, run: "click", expectUnloadPage: true });

const fileSteps = (title) => [
    {
        content: "the home page leads to the complaints",
        ...submit(".o_portal_my_home a[href='/my/complaints']"),
    },
    {
        trigger: ".o_property_new",
        run: checkWidth,
    },
    submit(".o_property_new"),
    {
        content: "nothing is wider than the screen",
        trigger: ".o_property_complaint_form",
        run: checkWidth,
    },
    {
        trigger: ".o_property_complaint_form label[for=kind_complaint]",
        run: "click",
    },
    {
        trigger: "#unit_id",
        run: "selectByIndex 1",
    },
    {
        trigger: "#title",
        run: `edit ${title}`,
    },
    {
        trigger: "#description",
        run: "edit Every night from eleven to five.",
    },
    {
        trigger: "#demand",
        run: "edit Silence at night.",
    },
    {
        trigger: "#category_id",
        run() {
            const option = [...this.anchor.options].find((item) => item.textContent.includes("Machines"));
            this.anchor.value = option.value;
        },
    },
    {
        trigger: ".o_property_submit",
        run: "click",
        expectUnloadPage: true,
    },
    {
        content: "the page of the complaint thanks",
        trigger: `.o_property_complaint[data-state=new]:has(.o_property_info) h3:contains(${title})`,
        run: checkWidth,
    },
];

const openSteps = (title) => [
    {
        trigger: `.o_list_view .o_data_row:contains(${title}) td[name=title]`,
        run: "click",
    },
    {
        trigger: ".o_form_view .o_field_widget[name=title]",
    },
];

const stepButton = (name, state) => [
    {
        trigger: `.o_form_view .o_statusbar_buttons button[name=${name}].btn-primary`,
        run: "click",
    },
    {
        trigger: `.o_form_view .o_arrow_button_current[data-value=${state}]`,
    },
];

const writeSteps = (name, text) => [
    {
        trigger: `.o_form_view .o_field_widget[name=${name}] textarea`,
        run: `edit ${text}`,
    },
];

const tabSteps = (name) => [
    {
        trigger: `.o_form_view .o_notebook_headers a[name=${name}]`,
        run: "click",
    },
];

function addTour(name, steps) {
    registry.category("web_tour.tours").add(`property_service_complaint_${name}`, { steps });
}

addTour("file", () => fileSteps("Pump hums"));
addTour("file_transfer", () => fileSteps("Water pressure"));

addTour("register", () => [
    ...openSteps("Pump hums"),
    {
        content: "a whole building hears it: major",
        trigger: ".o_form_view .o_field_widget[name=impact] .o_select_menu_toggler",
        run: "click",
    },
    {
        trigger: ".o_select_menu_menu .o_select_menu_item:eq(2)",
        run: "click",
    },
    {
        trigger: ".o_form_view .o_field_widget[name=severity] .text-bg-warning",
    },
    ...stepButton("action_register", "registered"),
]);

addTour("register_transfer", () => [...openSteps("Water pressure"), ...stepButton("action_register", "registered")]);

addTour("investigate", () => [
    ...openSteps("Pump hums"),
    {
        trigger: ".o_form_view .o_statusbar_buttons button[name=action_assign].btn-primary",
        run: "click",
    },
    {
        content: "who takes care of it",
        trigger: ".modal .o_field_widget[name=employee_id] input",
        run: "edit Li Colleague",
    },
    {
        trigger: ".modal .o_field_widget[name=employee_id] .o-autocomplete--dropdown-item:contains(Li Colleague)",
        run: "click",
    },
    {
        trigger: ".modal .o_field_widget[name=message] textarea",
        run: "edit Mr Li takes care of it.",
    },
    {
        trigger: ".modal button[name=action_apply]",
        run: "click",
    },
    {
        trigger: ".o_form_view .o_arrow_button_current[data-value=assigned]",
    },
    ...stepButton("action_investigate", "investigating"),
    ...tabSteps("investigation"),
    {
        trigger: ".o_property_service_fishbone .o_fishbone_branch[data-value=equipment]",
        run: "click",
    },
    {
        trigger: ".o_property_service_fishbone .o_fishbone_branch[data-value=equipment][aria-checked=true]",
    },
    ...writeSteps("measure", "Rubber mounts under the pump."),
    ...tabSteps("reply"),
    {
        content: "the reply begins from a letter",
        trigger: ".o_form_view .o_field_widget[name=reply_template_id] input",
        run: "click",
    },
    {
        trigger: ".o_field_widget[name=reply_template_id] .o-autocomplete--dropdown-item:contains('1'):first",
        run: "click",
    },
    {
        trigger: ".o_form_button_save",
        run: "click",
    },
    {
        content: "which says what was done",
        trigger: ".o_form_saved .o_field_widget[name=reply]:contains(Rubber mounts under the pump.)",
    },
    ...stepButton("action_resolve", "resolved"),
]);

addTour("answer", () => [...openSteps("Pump hums"), ...stepButton("action_answer", "answered")]);

addTour("refuse", () => [
    {
        content: "the home page tells that an answer waits",
        ...submit(".o_portal_my_home a[href='/my/complaints?filterby=answered']"),
    },
    submit(".o_property_services a:contains(Pump hums)"),
    {
        trigger: ".o_property_reply:contains(Rubber mounts under the pump.)",
        run: checkWidth,
    },
    {
        trigger: "[data-bs-target='#modal_reopen']",
        run: "click",
    },
    {
        trigger: "#modal_reopen.show textarea",
        run: "edit It still hums.",
    },
    submit("#modal_reopen.show button[type=submit]"),
    {
        content: "the history tells the reason",
        trigger: ".o_property_complaint[data-state=investigating]:has(.o_property_info) .o_property_latest:contains(It still hums.)",
        run: checkWidth,
    },
]);

addTour("rework", () => [
    ...openSteps("Pump hums"),
    {
        content: "the resident's reason is in view",
        trigger: ".o_form_view .alert:contains(It still hums.)",
    },
    ...tabSteps("investigation"),
    ...writeSteps("measure", "Pump replaced."),
    ...stepButton("action_resolve", "resolved"),
    ...stepButton("action_answer", "answered"),
]);

addTour("accept", () => [
    {
        trigger: ".o_property_complaint[data-state=answered] [data-bs-target='#modal_accept']",
        run: "click",
    },
    submit("#modal_accept.show button[type=submit]"),
    {
        trigger: ".o_property_complaint[data-state=closed] .o_property_info",
        run: checkWidth,
    },
]);

addTour("transfer", () => [
    ...openSteps("Water pressure"),
    {
        trigger: ".o_form_view button[name=action_transfer]",
        run: "click",
    },
    {
        trigger: ".modal .o_field_widget[name=transfer_to] input",
        run: "edit City water works",
    },
    {
        trigger: ".modal .o_field_widget[name=reason] textarea",
        run: "edit The main in the street is theirs.",
    },
    {
        trigger: ".modal button[name=action_apply]",
        run: "click",
    },
    {
        trigger: ".o_form_view .o_arrow_button_current[data-value=transferred], .o_form_view .alert-info:contains(City water works)",
    },
]);

addTour("told", () => [
    {
        trigger: ".o_property_complaint[data-state=transferred] .o_property_latest:contains(City water works)",
        run: checkWidth,
    },
    {
        content: "why, in the history and in the conversation",
        trigger: ".o_property_latest:contains(The main in the street is theirs.)",
    },
    {
        trigger: ".o_property_message:contains(The main in the street is theirs.)",
    },
]);
