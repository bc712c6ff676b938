import { registry } from "@web/core/registry";

const row = (title, status) => `.o_data_row:contains(${title}) .o_property_remaining[data-status=${status}]`;

registry.category("web_tour.tours").add("property_service_clock", {
    steps: () => [
        {
            content: "show the list",
            trigger: ".o_switch_view.o_list",
            run: "click",
        },
        { content: "an overdue request says for how long", trigger: `${row("Clock overdue", "breached")}.text-danger:contains(/ overdue$/)` },
        { content: "one at risk counts down", trigger: `${row("Clock at risk", "at_risk")}:contains(/ left$/)` },
        { content: "one with time left", trigger: `${row("Clock on track", "on_track")}.text-success:contains(/ left$/)` },
        { content: "one that waits keeps its time", trigger: `${row("Clock paused", "paused")}:contains(Paused)` },
        { content: "show those that are done, too", trigger: ".o_searchview .o_facet_remove", run: "click" },
        { content: "one done in time", trigger: row("Clock met", "met") },
        {
            content: "open the overdue one",
            trigger: ".o_data_cell:contains(Clock overdue)",
            run: "click",
        },
        { content: "its form counts, too", trigger: ".o_form_view .o_property_remaining[data-status=breached]" },
        { content: "open the deadlines", trigger: ".o_notebook a[name=deadlines]", run: "click" },
        { content: "and see why", trigger: ".o_field_widget[name=sla_explanation]:contains(Tour level)" },
    ],
});
