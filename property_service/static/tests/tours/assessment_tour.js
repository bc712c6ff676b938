import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** Nothing on a phone is wider than its screen. */
function fits() {
    if (document.documentElement.scrollWidth > window.innerWidth) {
        throw new Error(`The page is ${document.documentElement.scrollWidth} px wide`);
    }
}

tours.add("property_service_assessment_hr", {
    steps: () => [
        { content: "The weights make 100", trigger: ".o_form_view div[name='weight_total']:contains(100)" },
        { trigger: "button[name='action_simulate']", run: "click" },
        { trigger: ".modal div[name='date_to'] input", run: "edit 03/31/2025" },
        { trigger: ".modal div[name='period_count'] input", run: "edit 1 && press Tab" },
        { content: "Grades of past periods", trigger: ".modal div[name='result'] td:contains(2025-03-31)" },
        { content: "What a weight does", trigger: ".modal div[name='result'] h3:contains(Sensitivity)" },
        { trigger: ".modal footer button[special='cancel']", run: "click" },
        { trigger: "body:not(:has(.modal)) button[name='action_activate']", run: "click" },
        { trigger: "button[name='action_new_version']" },
    ],
});

tours.add("property_service_assessment_own", {
    steps: () => [
        { trigger: ".o_kanban_record:contains(Engineers)", run: fits },
        { trigger: ".o_kanban_record:contains(Engineers)", run: "click" },
        { content: "The formula behind a figure", trigger: "div[name='line_ids'] .o_kanban_record:contains(÷)", run: fits },
        { trigger: "div[name='line_ids'] .o_kanban_record:contains(Rework) .o_assessment_evidence", run: "click" },
        { content: "The cases that were counted", trigger: ".o_data_row, .o_kanban_record:contains(SR/)", run: fits },
        { trigger: ".o_control_panel .o_back_button, .o_breadcrumb .o_back_button", run: "click" },
        { trigger: "div[name='line_ids'] .o_kanban_record:contains(Own Mark)", run: "click" },
        { trigger: ".modal div[name='mark'] input", run: "edit 85" },
        { trigger: ".modal footer .o_form_button_save, .modal .o_form_button_save", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_form_view" },
        { content: "Steps are behind one button on a phone", trigger: ".o_statusbar_buttons button, .o_cp_action_menus button", run: "click" },
        { trigger: "button[name='action_submit_self']:visible", run: "click" },
        { content: "It is with the manager now", trigger: ".o_nocontent_help, .o_view_nocontent" },
    ],
});
