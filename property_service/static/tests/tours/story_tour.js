import { registry } from "@web/core/registry";
import { acceptSteps, reportSteps, returnSteps } from "./portal_tour";

// One request from the report to the rating. Each person signs in anew, so each has a tour of the own; between them only the
// database goes on. "Kitchen tap leaks" is what the resident calls the matter.

registry.category("web_tour.tours").add("property_service_story_report", {
    steps: () => reportSteps("Kitchen tap leaks"),
});

registry.category("web_tour.tours").add("property_service_story_register", {
    steps: () => [
        {
            content: "the report from the portal waits among the new ones",
            trigger: ".o_list_view .o_data_row:contains(Kitchen tap leaks) td[name=title]",
            run: "click",
        },
        {
            content: "with the resident's photo",
            trigger: ".o_form_view .o_field_widget[name=attachment_ids]:contains(a.png), .o_form_view .o_field_widget[name=attachment_ids] img",
        },
        {
            trigger: ".o_form_view button[name=action_register]",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains(Registered)",
        },
    ],
});

registry.category("web_tour.tours").add("property_service_story_dispatch", {
    steps: () => [
        {
            trigger: ".o_list_view .o_data_row:contains(Kitchen tap leaks) td[name=title]",
            run: "click",
        },
        {
            trigger: ".o_form_view button[name=action_approve]",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains(Approved)",
        },
        {
            trigger: ".o_form_view button[name=action_dispatch]",
            run: "click",
        },
        {
            trigger: ".modal .o_kanban_record:contains(Wang Worker) button[name=action_choose]",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains(Dispatched)",
        },
    ],
});

const openJob = () => [
    {
        content: "the job is one of today's",
        trigger: ".o_property_jobs .o_kanban_record:contains(Kitchen tap leaks)",
        run: "click",
    },
];

const finishJob = (summary) => [
    {
        trigger: ".o_property_job .o_field_widget[name=work_summary] textarea",
        run: `edit ${summary}`,
    },
    {
        trigger: ".o_property_job_steps button[name=action_done]",
        run: "click",
    },
    {
        trigger: ".o_property_job .o_field_widget[name=state]:contains(Done)",
    },
];

registry.category("web_tour.tours").add("property_service_story_work", {
    steps: () => [
        ...openJob(),
        {
            trigger: ".o_property_job_steps button[name=action_start]",
            run: "click",
        },
        {
            trigger: ".o_property_job_steps button[name=action_done]",
        },
        {
            trigger: ".o_property_checklist_step[aria-checked=false]:contains(Close the valve)",
            run: "click",
        },
        {
            trigger: ".o_property_checklist_step[aria-checked=true]:contains(Close the valve)",
        },
        {
            trigger: ".o_property_checklist_step[aria-checked=false]:contains(Test for leaks)",
            run: "click",
        },
        {
            trigger: ".o_property_checklist_step[aria-checked=true]:contains(Test for leaks)",
        },
        ...finishJob("Washer replaced."),
    ],
});

registry.category("web_tour.tours").add("property_service_story_return", {
    steps: () => returnSteps("It still drips."),
});

registry.category("web_tour.tours").add("property_service_story_rework", {
    steps: () => [
        ...openJob(),
        {
            content: "the resident's reason is in view",
            trigger: ".o_property_job .alert:contains(It still drips.)",
        },
        ...finishJob("Whole tap replaced."),
    ],
});

registry.category("web_tour.tours").add("property_service_story_accept", {
    steps: () => [
        {
            content: "what was done in the end",
            trigger: ".o_property_latest:contains(Whole tap replaced.)",
        },
        ...acceptSteps(),
    ],
});
