import { registry } from "@web/core/registry";

/** A supervisor agrees an appointment from the free slots and dispatches it: two requests at once, then one anew. */
registry.category("web_tour.tours").add("property_service_dispatch", {
    steps: () => [
        {
            trigger: ".o_form_view button[name='action_confirm']:contains(Make Appointment)",
            run: "click",
        },
        {
            content: "The first free slot is proposed, another one is a tap away",
            trigger: ".modal .o_property_slot.btn-primary",
        },
        {
            trigger: ".modal .o_property_slot.btn-outline-primary:last",
            run: "click",
        },
        {
            trigger: ".modal .o_property_slot.btn-primary:last",
        },
        {
            trigger: ".modal button[name='action_apply']:visible",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_form_view button[name='action_dispatch']",
            run: "click",
        },
        {
            content: "Why the first is proposed, and what speaks against the second",
            trigger: ".modal .o_kanban_record:first:contains(Wang Worker):contains(Plumbing: Skilled):contains(In the team)",
        },
        {
            trigger: ".modal .o_kanban_record:contains(Li Colleague) .text-bg-warning:contains(No skill Plumbing)",
        },
        {
            trigger: ".modal .o_kanban_record:contains(Wang Worker) button[name='action_choose']",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_form_view .o_statusbar_status button.o_arrow_button_current:contains(Dispatched)",
        },
    ],
});

registry.category("web_tour.tours").add("property_service_dispatch_bulk", {
    steps: () => [
        {
            trigger: ".o_list_view .o_list_record_selector:first input",
            run: "click",
        },
        {
            trigger: "button[name='action_dispatch']:contains(Dispatch)",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row:contains(Plumbing: Skilled) .o_field_widget[name='employee_id']:contains(Wang Worker)",
        },
        {
            trigger: ".modal button[name='action_dispatch']",
            run: "click",
        },
        {
            trigger: ".o_notification:contains(Dispatched: 2)",
        },
        {
            trigger: "body:not(:has(.modal)) .o_list_view .o_data_row:contains(Dispatched)",
        },
    ],
});
