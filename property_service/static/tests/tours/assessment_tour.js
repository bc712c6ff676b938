import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** Nothing on a phone is wider than its screen. */
function fits() {
    if (document.documentElement.scrollWidth > window.innerWidth) {
        throw new Error(`The page is ${document.documentElement.scrollWidth} px wide`);
    }
}

/** A line of an editable list: choose the indicator, give the weight. */
function line(number, indicator, weight) {
    const row = `div[name='line_ids'] .o_data_row:nth-child(${number}).o_selected_row`;
    return [
        { trigger: "div[name='line_ids'] .o_field_x2many_list_row_add a", run: "click" },
        { trigger: `${row} div[name='indicator_id'] input`, run: `edit ${indicator}` },
        { trigger: `.ui-autocomplete .dropdown-item:contains(${indicator})`, run: "click" },
        { trigger: `${row} div[name='weight'] input`, run: `edit ${weight}` },
    ];
}

/** A grade of the scheme. */
function grade(number, name, minimum) {
    const row = `div[name='band_ids'] .o_data_row:nth-child(${number}).o_selected_row`;
    return [
        { trigger: "div[name='band_ids'] .o_field_x2many_list_row_add a", run: "click" },
        { trigger: `${row} div[name='name'] input`, run: `edit ${name}` },
        { trigger: `${row} div[name='minimum'] input`, run: `edit ${minimum}` },
        { trigger: `${row} div[name='points'] input`, run: `edit ${minimum / 10 + 1}` },
    ];
}

tours.add("property_service_assessment_hr", {
    steps: () => [
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: "div[name='name'] input", run: "edit Engineers by the Tour" },
        { trigger: "div[name='code'] input", run: "edit tour" },
        { trigger: "div[name='department_ids'] input", run: "edit Engineering" },
        { trigger: ".ui-autocomplete .dropdown-item:contains(Engineering)", run: "click" },
        ...line(1, "Rework Rate", 50),
        ...line(2, "Own Mark", 20),
        ...line(3, "Mark by the Manager", 30),
        { trigger: ".o_notebook .nav-link[name='grades']", run: "click" },
        ...grade(1, "Good", 50),
        ...grade(2, "Fair", 0),
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved" },
        { trigger: ".o_notebook .nav-link[name='lines']", run: "click" },
        { content: "The weights make 100", trigger: ".o_form_view div[name='weight_total']:contains(100)" },
        { trigger: "button[name='action_simulate']", run: "click" },
        { trigger: ".modal div[name='date_to'] .o_input", run: "click" },
        { trigger: ".modal div[name='date_to'] input", run: "edit 03/31/2025 && press Enter" },
        { trigger: ".modal div[name='period_count'] input", run: "edit 2 && press Tab" },
        { content: "Grades of two past months", trigger: ".modal div[name='result'] tr:contains(2025-02-28)" },
        { trigger: ".modal div[name='result'] tr:contains(2025-03-31)" },
        { content: "What a weight does", trigger: ".modal div[name='result'] h3:contains(Sensitivity)" },
        { trigger: ".modal footer button[special='cancel']", run: "click" },
        { trigger: "body:not(:has(.modal)) button[name='action_activate']", run: "click" },
        { trigger: "button[name='action_new_version']" },
        { trigger: "button[name='action_open_cycles']", run: "click" },
        { trigger: ".o_breadcrumb:contains(Cycles)" },
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: "div[name='date_from'] .o_input", run: "click" },
        { trigger: "div[name='date_from'] input", run: "edit 03/01/2025 && press Enter" },
        { trigger: "button[name='action_generate']", run: "click" },
        { trigger: "button[name='action_compute']" },
        { content: "The calibration view", trigger: "div[name='calibration'] td:contains(Engineering)" },
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

tours.add("property_service_assessment_manager", {
    steps: () => [
        { trigger: ".o_data_row:contains(Wang Worker) td[name='department_id']", run: "click" },
        { trigger: "div[name='line_ids'] .o_data_row:contains(Mark by the Manager) td[name='mark']", run: "click" },
        { trigger: "div[name='line_ids'] .o_selected_row div[name='mark'] input", run: "edit 75" },
        { trigger: "button[name='action_submit_manager']", run: "click" },
        { trigger: ".o_form_view:not(:has(button[name='action_submit_manager']))" },
    ],
});

tours.add("property_service_assessment_publish", {
    steps: () => [
        { trigger: "button[name='action_publish']", run: "click" },
        { trigger: ".modal footer .btn-primary", run: "click" },
        { trigger: "body:not(:has(.modal)) button[name='action_close']" },
    ],
});

tours.add("property_service_assessment_approve", {
    steps: () => [
        { trigger: ".o_list_view thead .o_list_record_selector input", run: "click" },
        { trigger: "button[name='action_approve_hr']", run: "click" },
        { trigger: ".o_list_view:not(:has(.o_data_row_selected))" },
    ],
});

tours.add("property_service_assessment_assign", {
    steps: () => [
        { trigger: ".o_data_row td[name='reason']:contains(another's work)", run: "click" },
        { trigger: "button[name='action_assign']", run: "click" },
        { trigger: ".modal div[name='reviewer_id'] input", run: "edit ps_reviewer" },
        { trigger: ".ui-autocomplete .dropdown-item:contains(ps_reviewer)", run: "click" },
        { trigger: ".modal button[name='action_apply']", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_form_view div[name='reviewer_id']:contains(ps_reviewer)" },
    ],
});

tours.add("property_service_assessment_close", {
    steps: () => [
        { trigger: "button[name='action_close']", run: "click" },
        { trigger: ".o_form_view:not(:has(button[name='action_close']))" },
    ],
});

tours.add("property_service_assessment_payroll", {
    steps: () => [
        { trigger: "div[name='date_from'] .o_input", run: "click" },
        { trigger: "div[name='date_from'] input", run: "edit 03/01/2025 && press Enter" },
        { trigger: "div[name='date_to'] .o_input", run: "click" },
        { trigger: "div[name='date_to'] input", run: "edit 03/31/2025 && press Enter" },
        { trigger: "button[name='action_write']", run: "click" },
        { content: "The file is there", trigger: "div[name='data'] a, div[name='data'] :contains(payroll_20250301)" },
    ],
});

tours.add("property_service_assessment_appeal", {
    steps: () => [
        { trigger: ".o_kanban_record:contains(Engineers)", run: "click" },
        { trigger: "button[name='action_acknowledge']", run: "click" },
        { trigger: ".o_form_view:not(:has(button[name='action_acknowledge'])) button[name='action_appeal']", run: "click" },
        { trigger: "div[name='line_id'] input", run: "edit Rework" },
        { trigger: ".ui-autocomplete .dropdown-item:contains(Rework)", run: "click" },
        { trigger: "div[name='reason'] textarea", run: "edit One of them was another's work" },
        { trigger: "button[name='action_apply']", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_form_view div[name='reason']:contains(another's work)" },
    ],
});

tours.add("property_service_assessment_review", {
    steps: () => [
        { trigger: ".o_data_row td[name='reason']:contains(another's work)", run: "click" },
        { trigger: "button[name='action_decide']", run: "click" },
        { trigger: "div[name='verdict'] input[data-value='accept']", run: "click" },
        { trigger: "div[name='actual'] input", run: "edit 0" },
        { trigger: "div[name='reason'] textarea", run: "edit It was not his work" },
        { trigger: "button[name='action_apply']", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_form_view div[name='decision']:contains(not his work)" },
    ],
});
