import { registry } from "@web/core/registry";

// A callback from the queue to its end, at a desk by keyboard and on a phone by hand. Each person signs in anew, so each has a tour
// of the own. Selectors hold no words of the pages, so the same steps serve people of any language. "Kitchen tap leaks" is what the
// resident calls the matter.

const checkWidth = () => {
    const width = document.documentElement.scrollWidth;
    if (width > window.innerWidth) {
        throw new Error(`The page is ${width} px wide, the screen ${window.innerWidth}`);
    }
};

/** Press a button of the header: on a phone all but the first one stand in a menu. */
const pressButton = (name) => [
    {
        trigger: ".o_form_view .o_statusbar_buttons",
        run() {
            if (!document.querySelector(`.o_statusbar_buttons button[name=${name}]`)) {
                document.querySelector(".o_statusbar_buttons .dropdown-toggle").click();
            }
        },
    },
    {
        trigger: `.o_statusbar_buttons button[name=${name}], .o-dropdown--menu button[name=${name}]`,
        run: "click",
    },
];

const pressKey = (key) => () => [
    {
        content: `the key of the outcome: ${key}`,
        trigger: ".o_form_view .o_statusbar_buttons button",
        run: `press ${key}`,
    },
];

const KEYBOARD = {
    start: pressKey("alt+g"),
    satisfied: pressKey("alt+y"),
    dissatisfied: pressKey("alt+b"),
};
const HAND = {
    start: () => pressButton("action_start"),
    satisfied: () => pressButton("action_result_satisfied"),
    dissatisfied: () => pressButton("action_result_dissatisfied"),
};

const openSteps = () => [
    {
        content: "on a phone the button stands in the menu beside",
        trigger: ".o_control_panel_main_buttons",
        run() {
            const button = this.anchor.querySelector("button[name=action_call_next]");
            if (!button?.checkVisibility()) {
                this.anchor.querySelector(".dropdown-toggle").click();
            }
        },
    },
    {
        content: "the queue gives the next call",
        trigger: "button[name=action_call_next]",
        run: "click",
    },
    {
        content: "all about it on one screen: what it is about, what to say",
        trigger: ".o_form_view .o_field_widget[name=case_summary]:contains(Kitchen tap leaks)",
        run: checkWidth,
    },
    {
        content: "and the number as a link to call",
        trigger: ".o_form_view a[role=button][href='tel:13800138000']",
    },
];

const takeSteps = (by, said) => [
    ...by.start(),
    {
        trigger: ".o_form_view .o_field_widget[name=comment] textarea",
        run: `edit ${said}`,
    },
];

const nextSteps = () => [
    {
        content: "the next call opens by itself",
        trigger: ".o_form_view .o_field_widget[name=partner_id]:contains(Test Neighbour)",
        run: checkWidth,
    },
];

function addTour(name, steps) {
    registry.category("web_tour.tours").add(`property_service_callback_${name}`, { steps });
}

for (const [device, by] of [
    ["desk", KEYBOARD],
    ["phone", HAND],
]) {
    addTour(`dissatisfied_${device}`, () => [
        ...openSteps(),
        ...takeSteps(by, "It still drips."),
        ...by.dissatisfied(),
        {
            content: "one confirmation",
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        ...nextSteps(),
    ]);
    addTour(`satisfied_${device}`, () => [
        ...openSteps(),
        ...takeSteps(by, "All is well now."),
        ...by.satisfied(),
        ...nextSteps(),
    ]);
}

addTour("rework", () => [
    {
        trigger: ".o_property_jobs .o_kanban_record:contains(Kitchen tap leaks)",
        run: "click",
    },
    {
        content: "what the resident said on the phone is in view",
        trigger: ".o_property_job .alert:contains(It still drips.)",
        run: checkWidth,
    },
    {
        trigger: ".o_property_job .o_field_widget[name=work_summary] textarea",
        run: "edit Whole tap replaced.",
    },
    {
        trigger: ".o_property_job_steps button[name=action_done]",
        run: "click",
    },
    {
        trigger: ".o_property_job:not(:has(button[name=action_done]))",
    },
]);
