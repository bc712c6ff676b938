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

/** The story on the demo: each step by the one whose step it is. Whatever asks the server is waited for before the form is used again. */
tours.add("property_service_assessment_hr", {
    steps: () => [
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: "div[name='name'] input", run: "edit Engineers by the Tour" },
        { trigger: "div[name='code'] input", run: "edit tour" },
        { trigger: "div[name='department_ids'] input", run: "edit Engineering" },
        { trigger: ".ui-autocomplete .dropdown-item:contains(Engineering)", run: "click" },
        { trigger: "div[name='department_ids'] .o_tag:contains(Engineering)" },
        ...line(1, "Response on Time", 40),
        ...line(2, "Points Taken Off for Conduct", 10),
        ...line(3, "Own Mark", 20),
        ...line(4, "Mark by the Manager", 30),
        { trigger: ".o_notebook .nav-link[name='grades']", run: "click" },
        ...grade(1, "Good", 50),
        ...grade(2, "Fair", 0),
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved" },
        { trigger: ".o_notebook .nav-link[name='lines']", run: "click" },
        { content: "The weights make 100", trigger: ".o_form_view div[name='weight_total']:contains(100)" },
        { trigger: "button[name='action_simulate']", run: "click" },
        { content: "The last two months", trigger: ".modal div[name='result'] table:first tbody tr:nth-child(2)" },
        {
            content: "Two periods, and somebody has a grade in each",
            trigger: ".modal div[name='result'] h3:contains(Sensitivity)",
            run: () => {
                const rows = [...document.querySelectorAll(".modal div[name='result'] table")][0].querySelectorAll("tbody tr");
                const graded = [...rows].map((row) => Number(row.cells[1].textContent) + Number(row.cells[2].textContent));
                if (rows.length !== 2 || graded.some((count) => !count)) {
                    throw new Error(`Grades of the demo's last two months: ${graded}`);
                }
            },
        },
        { trigger: ".modal footer button[special='cancel']", run: "click" },
        { trigger: "body:not(:has(.modal)) button[name='action_activate']", run: "click" },
        { trigger: "button[name='action_new_version']" },
        { trigger: "button[name='action_open_cycles']", run: "click" },
        { trigger: ".o_breadcrumb:contains(Cycles)" },
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: ".o_form_view div[name='name'] input:value(Engineers by the Tour)" },
        { trigger: "button[name='action_generate']", run: "click" },
        { trigger: "button[name='action_compute']" },
        { content: "The calibration view", trigger: "div[name='calibration'] td:contains(Engineering)" },
    ],
});

tours.add("property_service_assessment_own", {
    steps: () => [
        { trigger: ".o_kanban_record:contains(Engineers)", run: fits },
        { trigger: ".o_kanban_record:contains(Engineers)", run: "click" },
        { trigger: ".o_form_view div[name='line_ids']" },
        { content: "The formula behind a figure", trigger: "div[name='line_ids'] .o_kanban_record:contains(÷)", run: fits },
        { trigger: "div[name='line_ids'] .o_kanban_record:contains(Response) .o_assessment_evidence", run: "click" },
        { content: "The cases that were counted", trigger: ".o_data_row, .o_kanban_record:contains(SR/)", run: fits },
        { trigger: ".o_control_panel .o_back_button, .o_breadcrumb .o_back_button", run: "click" },
        { trigger: ".o_form_view div[name='line_ids']" },
        { trigger: "div[name='line_ids'] .o_kanban_record:contains(Own Mark)", run: "click" },
        { trigger: ".modal div[name='mark'] input", run: "edit 85" },
        { trigger: ".modal footer .o_form_button_save, .modal .o_form_button_save", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_form_view" },
        { content: "Steps are behind one button on a phone", trigger: ".o_statusbar_buttons button, .o_cp_action_menus button", run: "click" },
        { trigger: "button[name='action_submit_self']:visible", run: "click" },
        { content: "It is with the manager now", trigger: ".o_action_manager:not(:has(.o_form_view)):not(:has(.o_kanban_record:contains(Engineers)))" },
    ],
});

tours.add("property_service_assessment_manager", {
    steps: () => [
        { trigger: ".o_form_view button[name='action_submit_manager']" },
        { trigger: "div[name='line_ids'] .o_data_row:contains(Mark by the Manager) td[name='mark']", run: "click" },
        { trigger: "div[name='line_ids'] .o_selected_row div[name='mark'] input", run: "edit 75" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved div[name='line_ids'] .o_data_row:contains(Mark by the Manager) td[name='mark']:contains(75)" },
        { trigger: "button[name='action_submit_manager']", run: "click" },
        { trigger: ".o_form_view:not(:has(button[name='action_submit_manager']))" },
    ],
});

tours.add("property_service_assessment_publish", {
    steps: () => [
        { trigger: "button[name='action_open_assessments']", run: "click" },
        { content: "By department", trigger: ".o_list_view .o_group_header:contains(Engineering)", run: "click" },
        { trigger: ".o_list_view .o_data_row" },
        { trigger: ".o_list_view thead .o_list_record_selector input", run: "click" },
        { trigger: ".o_list_view .o_data_row_selected" },
        { trigger: "button[name='action_approve_hr']", run: "click" },
        { trigger: ".o_list_view:not(:has(.o_data_row_selected))" },
        { trigger: ".o_breadcrumb .o_back_button, .breadcrumb .o_back_button, .o_back_button", run: "click" },
        { content: "All are approved", trigger: ".o_form_view div[name='to_do_count']:contains(0)" },
        { trigger: "button[name='action_publish']", run: "click" },
        { trigger: ".modal footer .btn-primary", run: "click" },
        { trigger: "body:not(:has(.modal)) button[name='action_close']" },
    ],
});

tours.add("property_service_assessment_appeal", {
    steps: () => [
        { trigger: ".o_kanban_record:contains(Engineers)", run: "click" },
        { trigger: "button[name='action_acknowledge']", run: "click" },
        { trigger: ".o_form_view:not(:has(button[name='action_acknowledge'])) button[name='action_appeal']", run: "click" },
        { trigger: ".modal div[name='line_id'] input", run: "edit Response" },
        { trigger: ".ui-autocomplete .dropdown-item:contains(Response)", run: "click" },
        { trigger: ".modal div[name='reason'] textarea", run: "edit One of them waited for a part" },
        { trigger: ".modal button[name='action_apply']", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_form_view div[name='reason']:contains(waited for a part)" },
    ],
});

tours.add("property_service_assessment_assign", {
    steps: () => [
        { trigger: ".o_data_row td[name='reason']:contains(waited for a part)", run: "click" },
        { trigger: ".o_form_view button[name='action_assign']", run: "click" },
        { trigger: ".modal div[name='reviewer_id'] input", run: "edit 苏文静" },
        { trigger: ".ui-autocomplete .dropdown-item:contains(苏文静)", run: "click" },
        { trigger: ".modal button[name='action_apply']", run: "click" },
        { content: "It is under review", trigger: "body:not(:has(.modal)) .o_form_view .o_arrow_button_current:contains(Under Review)" },
    ],
});

tours.add("property_service_assessment_review", {
    steps: () => [
        { trigger: ".o_data_row td[name='reason']:contains(waited for a part)", run: "click" },
        { trigger: ".o_form_view button[name='action_decide']", run: "click" },
        { trigger: ".modal div[name='verdict'] input[data-value='accept']", run: "click" },
        { trigger: ".modal div[name='actual'] input", run: "edit 100" },
        { trigger: ".modal div[name='reason'] textarea", run: "edit The part came late indeed" },
        { trigger: ".modal button[name='action_apply']", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_form_view div[name='decision']:contains(came late)" },
    ],
});

tours.add("property_service_assessment_close", {
    steps: () => [
        { trigger: "button[name='action_close']", run: "click" },
        { trigger: ".o_form_view:not(:has(button[name='action_close'])) .o_arrow_button_current:contains(Closed)" },
    ],
});

tours.add("property_service_assessment_payroll", {
    steps: () => [
        { trigger: "button[name='action_write']", run: "click" },
        { content: "The file is there", trigger: "div[name='data'] :contains(payroll_)" },
    ],
});
