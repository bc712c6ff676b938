import { registry } from "@web/core/registry";

/** A picture of one red square on the clipboard, as a screenshot tool puts it there. */
async function pastePicture() {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 32;
    const context = canvas.getContext("2d");
    context.fillStyle = "red";
    context.fillRect(0, 0, 32, 32);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve));
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([blob], "image.png", { type: "image/png" }));
    const target = document.querySelector(".o_field_widget[name=description] textarea");
    target.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}

const findCaller = (text, name) => [
    {
        content: `search the caller by ${text}`,
        trigger: ".o_property_intake .o_field_widget[name=partner_id] input",
        run: `edit ${text}`,
    },
    {
        content: "choose the caller",
        trigger: `.o-autocomplete--dropdown-item:contains(${name})`,
        run: "click",
    },
    {
        content: "what is known about the caller appears",
        trigger: `.o_property_intake_resident:contains(${name})`,
    },
];

const chooseService = (name) => [
    {
        content: "what is it about",
        trigger: ".o_property_intake .o_field_widget[name=type_id] input",
        run: `edit ${name}`,
    },
    {
        trigger: `.o-autocomplete--dropdown-item:contains(${name})`,
        run: "click",
    },
];

registry.category("web_tour.tours").add("property_service_agent_intake", {
    steps: () => [
        ...findCaller("13800138000", "Zhang San"),
        {
            content: "the unit follows from the resident, what is owed is told in words",
            trigger: ".o_property_intake_unit.btn-primary:contains(3-2-1201)",
        },
        { trigger: ".o_property_intake_balance:contains(Nothing is owed)" },
        ...chooseService("Water Leak"),
        {
            content: "the service names the request",
            trigger: ".o_field_widget[name=title] input:value(Water Leak)",
        },
        {
            trigger: ".o_field_widget[name=description] textarea",
            run: "edit Water drips from the ceiling of the bathroom.",
        },
        {
            content: "paste a picture from the clipboard",
            trigger: ".o_property_photos",
            run: pastePicture,
        },
        { trigger: ".o_property_photos .o_property_photo img" },
        {
            content: "register and go on with the next caller",
            trigger: "button[name=action_intake_next]",
            run: "click",
        },
        { trigger: ".o_notification:contains(is registered)" },
        {
            content: "the form is empty again",
            trigger: ".o_property_intake .o_property_intake_card:contains(appears here)",
        },
        ...findCaller("1202", "Test Neighbour"),
        {
            content: "a question is answered at once",
            trigger: ".o_property_intake .o_field_widget[name=type_id] input",
            run: "edit Opening",
        },
        { trigger: ".o-autocomplete--dropdown-item:contains(Opening Hours)", run: "click" },
        {
            trigger: ".o_field_widget[name=work_summary] textarea",
            run: "edit The desk is open until 20:00.",
        },
        { trigger: "button[name=action_intake_answer]", run: "click" },
        { content: "A question is answered, not finished", trigger: ".o_arrow_button_current:contains(Answered)" },
    ],
});

registry.category("web_tour.tours").add("property_service_agent_join", {
    steps: () => [
        {
            content: "a new request begins with its intake, from the list too",
            trigger: ".o_list_view .o_list_button_add",
            run: "click",
        },
        ...findCaller("Neighbour", "Test Neighbour"),
        {
            content: "the lift was reported before: join",
            trigger: ".o_property_intake_case:contains(Lift stuck) .o_property_intake_join",
            run: "click",
        },
        {
            content: "the request that goes on opens",
            trigger: ".o_breadcrumb:contains(Lift stuck)",
        },
        {
            content: "the caller stands among the duplicates",
            trigger: ".o_notebook a[name=related]",
            run: "click",
        },
        { trigger: ".o_field_widget[name=merged_ids] td:contains(Test Neighbour)" },
    ],
});

registry.category("web_tour.tours").add("property_service_supervisor_review", {
    steps: () => [
        {
            content: "what waits for review",
            trigger: ".o_list_view .o_data_row:contains(Kitchen tap leaks) td[name=title]",
            run: "click",
        },
        { trigger: ".o_form_view button[name=action_approve]", run: "click" },
        { trigger: ".o_arrow_button_current:contains(Approved)" },
        { trigger: ".o_form_view button[name=action_dispatch]", run: "click" },
        {
            content: "the ranked proposal opens: take an employee",
            trigger: ".modal .o_kanban_record:contains(Wang Worker) button[name=action_choose]",
            run: "click",
        },
        { trigger: ".o_arrow_button_current:contains(Dispatched)" },
        {
            content: "the history tells it in words",
            trigger: ".o_notebook a[name=history]",
            run: "click",
        },
        { trigger: ".o_field_widget[name=state_log_ids] .o_data_row:contains(Approved):contains(Dispatched)" },
    ],
});

registry.category("web_tour.tours").add("property_service_supervisor_board", {
    steps: () => [
        {
            content: "approve by drawing the card",
            trigger: ".o_kanban_group:contains(Registered) .o_kanban_record:contains(Kitchen tap leaks)",
            run: "drag_and_drop(.o_kanban_group:contains(Approved))",
        },
        { trigger: ".o_kanban_group:contains(Approved) .o_kanban_record:contains(Kitchen tap leaks)" },
        {
            content: "a step the table does not know is refused with a message",
            trigger: ".o_kanban_group:contains(Approved) .o_kanban_record:contains(Kitchen tap leaks)",
            run: "drag_and_drop(.o_kanban_group:contains(In Progress))",
        },
        { trigger: ".modal:contains(cannot become) footer button", run: "click" },
        { trigger: ".o_kanban_group:contains(Approved) .o_kanban_record:contains(Kitchen tap leaks)" },
        {
            content: "a step that needs a reason asks for it",
            trigger: ".o_kanban_group:contains(Approved) .o_kanban_record:contains(Kitchen tap leaks)",
            run: "drag_and_drop(.o_kanban_group:contains(Waiting))",
        },
        { trigger: ".modal .o_field_widget[name=waiting_reason_id] input", run: "edit Waiting for material" },
        { trigger: ".modal .o-autocomplete--dropdown-item:contains(Waiting for material)", run: "click" },
        { trigger: ".modal footer button[name=action_apply]:visible", run: "click" },
        { trigger: ".o_kanban_group:contains(Waiting) .o_kanban_record:contains(Kitchen tap leaks)" },
    ],
});
