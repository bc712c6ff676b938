import { registry } from "@web/core/registry";

const figure = (name, number) => `.o_property_wallboard_figure[data-figure=${name}] .o_property_wallboard_number:text(${number})`;

registry.category("web_tour.tours").add("property_service_wallboard", {
    steps: () => [
        { content: "one request is overdue", trigger: `${figure("overdue", 1)}` },
        { content: "one complaint is at risk", trigger: figure("at_risk", 1) },
        { content: "both are open", trigger: figure("open", 2) },
        { content: "and a call is due", trigger: figure("callbacks", 1) },
        {
            content: "the overdue one counts up",
            trigger: ".o_property_wallboard_list[data-list=overdue] .o_property_wallboard_case:contains(Board overdue) [data-status=breached]",
        },
        {
            content: "the one at risk counts down",
            trigger: ".o_property_wallboard_list[data-list=next] .o_property_wallboard_case:contains(Board at risk) [data-status=at_risk]",
        },
        {
            content: "nothing is wider than the screen",
            trigger: ".o_property_wallboard",
            run() {
                if (this.anchor.scrollWidth > this.anchor.clientWidth) {
                    throw new Error(`The board is ${this.anchor.scrollWidth} px wide on a screen of ${this.anchor.clientWidth} px`);
                }
            },
        },
        { content: "choose an estate without cases", trigger: ".o_property_wallboard_header select", run: "selectByLabel Zero Estate" },
        { content: "nothing is overdue there", trigger: figure("overdue", 0) },
        { content: "all estates again", trigger: ".o_property_wallboard_header select", run: "selectByIndex 0" },
        { content: "one is overdue again", trigger: figure("overdue", 1) },
        {
            content: "open the overdue requests",
            trigger: ".o_property_wallboard_figure[data-figure=overdue] button[data-kind=request]",
            run: "click",
        },
        { content: "it is among them", trigger: ".o_action_manager .o_view_controller:contains(Board overdue)" },
    ],
});

registry.category("web_tour.tours").add("property_service_complaint_clock", {
    steps: () => [
        {
            content: "the list or the cards count down",
            trigger: [".o_data_row", ".o_kanban_record"]
                .map((record) => `${record}:contains(Board at risk) .o_property_remaining[data-status=at_risk]`)
                .join(", "),
        },
        {
            content: "open the complaint",
            trigger: ".o_data_cell[name=title]:contains(Board at risk), .o_kanban_record:contains(Board at risk)",
            run: "click",
        },
        { content: "its form counts, too", trigger: ".o_form_view .o_property_remaining[data-status=at_risk]" },
        { content: "open the deadlines", trigger: ".o_notebook a[name=deadlines]", run: "click" },
        { content: "and see why", trigger: ".o_field_widget[name=sla_explanation]:contains(Tour)" },
    ],
});
