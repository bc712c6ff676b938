import { registry } from "@web/core/registry";

function checkWidth() {
    const width = document.documentElement.scrollWidth;
    if (width > window.innerWidth) {
        throw new Error(`The page is ${width} px wide, the screen ${window.innerWidth}`);
    }
}

const save = [
    {
        trigger: ".o_form_button_save:visible",
        run: "click",
    },
    {
        trigger: ".o_form_saved, .o_form_view:not(:has(.o_form_button_save:visible))",
    },
];

/** Quality drafts the next version and invites the owners' representative to comment on it. */
registry.category("web_tour.tours").add("property_service_standard_draft", {
    steps: () => [
        {
            trigger: "button[name='action_new_version']:visible",
            run: "click",
        },
        {
            content: "the text begins as it stands",
            trigger: ".o_arrow_button_current[data-value='draft']",
        },
        {
            trigger: ".o_field_widget[name='change_note'] textarea",
            run: "edit Shoe covers are worn.",
        },
        {
            trigger: ".nav-link[name='comments']",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='comment_partner_ids'] input",
            run: "edit Zhang San",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Zhang San)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='comment_partner_ids'] .o_tag:contains(Zhang San)",
        },
        ...save,
        {
            trigger: "button[name='action_invite']:visible",
            run: "click",
        },
        {
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            trigger: ".alert:has(.o_field_widget[name='comment_until']):visible",
        },
    ],
});

/** The representative finds the draft on the portal, reads it and comments on it. */
registry.category("web_tour.tours").add("property_service_standard_comment", {
    steps: () => [
        {
            trigger: ".o_portal_my_home a[href='/my/standards']:visible",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_property_standards a",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_property_standard_body:contains(Close the valve first)",
            run: checkWidth,
        },
        {
            trigger: "textarea[name='comment']",
            run: "edit And a mat for the tools, please.",
        },
        {
            trigger: ".o_property_standard_send",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_property_info:visible",
        },
        {
            trigger: ".o_property_standard_comment:contains(And a mat for the tools)",
        },
    ],
});

/** Quality answers the comment and approves the version. */
registry.category("web_tour.tours").add("property_service_standard_approve", {
    steps: () => [
        {
            trigger: ".nav-link[name='comments']",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='comment_ids'] .o_data_row .o_data_cell[name='answer']",
            run: "click",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name='answer'] textarea, .o_selected_row .o_field_widget[name='answer'] input",
            run: "edit It is on the list now.",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name='verdict'] input, .o_selected_row .o_field_widget[name='verdict'] select",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:eq(0)",
            run: "click",
        },
        ...save,
        {
            trigger: "button[name='action_approve']:visible",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current[data-value='active']",
        },
    ],
});

/** The technician reads the new version on the phone and says so. */
registry.category("web_tour.tours").add("property_service_standard_read", {
    steps: () => [
        {
            trigger: ".o_kanban_record:contains(v2)",
            run: checkWidth,
        },
        {
            trigger: ".o_kanban_record:contains(v2)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='body']:contains(Close the valve first)",
            run: checkWidth,
        },
        {
            content: "what has changed is read first",
            trigger: ".o_field_widget[name='change_note']:contains(Shoe covers)",
        },
        {
            trigger: "button[name='action_confirm_read']:visible",
            run: "click",
        },
        {
            trigger: ".alert-success:visible",
        },
    ],
});

/** The matrix shows how many risks lie where, with and without measures, and leads to them. */
registry.category("web_tour.tours").add("property_service_risk_matrix", {
    steps: () => [
        {
            content: "with its measures the risk lies at unlikely × major",
            trigger: ".o_property_risk_matrix button[data-place='2,4']:contains(1)",
            run: checkWidth,
        },
        {
            trigger: ".o_property_risks button[data-phase='before']",
            run: "click",
        },
        {
            trigger: ".o_property_risk_matrix button[data-place='4,4']:contains(1)",
            run: "click",
        },
        {
            content: "only the risks of the cell are listed",
            trigger: ".o_property_risk_list .list-group-item:contains(Caught in a lift):not(:contains(Ice))",
        },
        {
            trigger: ".o_property_risk_list:not(:contains(Ice on the stairs))",
        },
        {
            trigger: ".o_property_risk_all",
            run: "click",
        },
        {
            trigger: ".o_property_risk_list .list-group-item:contains(Ice on the stairs)",
        },
        {
            trigger: ".o_property_risk_kind",
            run: "select equipment",
        },
        {
            trigger: ".o_property_risk_list:not(:contains(Ice on the stairs))",
        },
        {
            trigger: ".o_property_risk_list .list-group-item:contains(Caught in a lift)",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name='likelihood']",
        },
    ],
});

/** The meeting looks at a figure, decides, opens the corrective action, closes and sends the minutes. */
registry.category("web_tour.tours").add("property_service_quality_meeting", {
    steps: () => [
        {
            trigger: ".o_field_widget[name='line_ids'] .o_data_row:first button[name='action_decide']",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='name'] input",
            run: "edit Insulate the machine room",
        },
        {
            trigger: ".modal button[name='action_open_corrective']",
            run: "click",
        },
        {
            content: "the corrective action is open",
            trigger: ".o_form_view .o_field_widget[name='plan']",
        },
        {
            trigger: ".o_breadcrumb .breadcrumb-item:last a, .o_back_button",
            run: "click",
        },
        {
            trigger: "button[name='action_done']:visible",
            run: "click",
        },
        {
            trigger: "button[name='action_send_minutes'].btn-primary:visible",
            run: "click",
        },
        {
            trigger: "button[name='action_send_minutes']:not(.btn-primary):visible",
        },
    ],
});
