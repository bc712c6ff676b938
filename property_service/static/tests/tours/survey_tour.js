import { registry } from "@web/core/registry";

function checkWidth() {
    const width = document.documentElement.scrollWidth;
    if (width > window.innerWidth) {
        throw new Error(`The page is ${width} px wide, the screen ${window.innerWidth}`);
    }
}

/** Fill in a questionnaire of one page whose first question is a scale; selectors hold no words, so that any language will do. */
const fillIn = (score, remark) => [
    {
        content: "begin",
        trigger: ".o_survey_start button[value='start']:not(.disabled)",
        run: "click",
    },
    {
        trigger: `.js_question-wrapper:first label:has(input[value='${score}'])`,
        run: "click",
    },
    {
        content: "nothing is wider than the screen",
        trigger: `.js_question-wrapper:first label.o_survey_selected:has(input[value='${score}'])`,
        run: checkWidth,
    },
    {
        trigger: ".js_question-wrapper textarea",
        run: `edit ${remark}`,
    },
    {
        trigger: "button[value='finish']:not(.disabled)",
        run: "click",
    },
    {
        content: "Odoo asks whether to send it",
        trigger: ".modal-footer button.btn-primary",
        run: "click",
    },
    {
        trigger: ".o_survey_finished",
    },
];

const begin = [
    {
        content: "opening the page starts nothing: the button does",
        trigger: ".o_property_survey_begin",
        run: "click",
        expectUnloadPage: true,
    },
];

/** A resident finds the survey on the portal and answers it. */
registry.category("web_tour.tours").add("property_service_survey_portal", {
    steps: () => [
        {
            trigger: ".o_portal_my_home a[href='/my/surveys']:visible",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_property_survey_open",
            run: "click",
            expectUnloadPage: true,
        },
        ...begin,
        ...fillIn(4, "Friendly and quick."),
    ],
});

/** A resident without a login scans the poster: unit and phone number are enough. */
registry.category("web_tour.tours").add("property_service_survey_poster", {
    steps: () => [
        {
            trigger: ".o_property_survey_login",
            run: checkWidth,
        },
        {
            trigger: "input[name='unit']",
            run: "edit 3-2-1201",
        },
        {
            trigger: "input[name='phone']",
            run: "edit 13800138000",
        },
        {
            trigger: ".o_property_survey_find",
            run: "click",
            expectUnloadPage: true,
        },
        ...begin,
        ...fillIn(5, "Thank you."),
    ],
});

/** Somebody else of the same home comes later. */
registry.category("web_tour.tours").add("property_service_survey_refused", {
    steps: () => [
        {
            trigger: "body:not(:has(.o_property_survey_begin)) .o_property_survey_refused .lead",
            run() {
                if (!this.anchor.textContent.trim()) {
                    throw new Error("Nothing is said");
                }
            },
        },
    ],
});

/** An agent interviews a resident and fills in the survey. */
registry.category("web_tour.tours").add("property_service_survey_interview", {
    steps: () => [
        {
            trigger: ".o_data_row:contains(Zhang San) button[name='action_interview']",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='channel'] input[data-value='visit']",
            run: "click",
        },
        {
            trigger: ".modal button[name='action_apply']",
            run: "click",
            expectUnloadPage: true,
        },
        ...fillIn(3, "Would like a bench in the garden."),
    ],
});

/** The quality department draws and starts a campaign. */
registry.category("web_tour.tours").add("property_service_survey_start", {
    steps: () => [
        {
            trigger: "button[name='action_draw']:visible",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='drawn_on']:not(:empty)",
        },
        {
            trigger: "button[name='action_start'].btn-primary:visible",
            run: "click",
        },
        {
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current[data-value='running']",
        },
        {
            trigger: ".nav-link[name='response']",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='stratum_ids'] .o_data_row",
        },
    ],
});

/** … and reads what came out, compares it, weighs it, and opens a corrective action. */
registry.category("web_tour.tours").add("property_service_survey_results", {
    steps: () => [
        {
            trigger: "button[name='action_open_results']:visible",
            run: "click",
        },
        {
            content: "the rate, its interval and the number of answers",
            trigger: ".o_property_survey_overall:contains(50)",
        },
        {
            trigger: ".o_property_survey_results .o_property_survey_interval",
        },
        {
            trigger: ".o_property_survey_factors tr[data-key='courtesy'] .o_property_survey_bar",
        },
        {
            trigger: ".o_property_survey_heat td[style*='background-color']",
        },
        {
            trigger: ".o_property_survey_trend circle:eq(1)",
        },
        {
            content: "compared with the campaign before",
            trigger: ".o_property_survey_factors tr[data-key='courtesy'] td span[title*='…']",
        },
        {
            trigger: "#o_property_survey_weighted",
            run: "click",
        },
        {
            trigger: ".o_property_survey_factors tr[data-key='courtesy'] .o_property_survey_improve",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name='title']",
        },
    ],
});
