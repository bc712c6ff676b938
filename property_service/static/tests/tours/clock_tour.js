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

/** Datasets of the chart on the screen that are targets. */
const targets = () =>
    window.Chart.getChart(document.querySelector(".o_graph_canvas_container canvas")).data.datasets.filter((dataset) => dataset.stack === "target");

const expectTargets = (...expected) => ({
    content: `the chart has ${expected.length ? `the target ${expected}` : "no target"}`,
    trigger: ".o_graph_canvas_container canvas",
    async run() {
        let found;
        for (let tries = 50; tries; tries--) {
            found = targets().map((dataset) => dataset.data[0]);
            if (String(found) === String(expected)) {
                return;
            }
            await new Promise((resolve) => setTimeout(resolve, 100)); // the chart is being drawn
        }
        throw new Error(`Targets in the chart: ${found}`);
    },
});

/** The menu of measures stays open while one is chosen after the other. */
const chooseMeasure = (label) => ({
    content: `choose ${label}`,
    trigger: `.dropdown-item:contains(/^${label.replace(/[()]/g, "\\$&")}$/)`,
    run: "click",
});

registry.category("web_tour.tours").add("property_service_targets", {
    steps: () => [
        expectTargets(24),
        { content: "open the measures", trigger: "button.dropdown-toggle:contains(Measures)", run: "click" },
        chooseMeasure("Answered in Time (%)"),
        expectTargets(),
        chooseMeasure("Taken Up: Mean (h)"),
        expectTargets(12),
        chooseMeasure("Solution: 90 % Within (h)"),
        expectTargets(24),
        { content: "bars have it, too", trigger: "button[data-mode=bar]", run: "click" },
        { content: "they are shown", trigger: "button[data-mode=bar].active" },
        expectTargets(24),
        { content: "a pie has none", trigger: "button[data-mode=pie]", run: "click" },
        { content: "it is shown", trigger: "button[data-mode=pie].active" },
        expectTargets(),
    ],
});
