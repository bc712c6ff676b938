import { registry } from "@web/core/registry";

function checkWidth() {
    const width = document.documentElement.scrollWidth;
    if (width > window.innerWidth) {
        throw new Error(`The page is ${width} px wide, the screen ${window.innerWidth}`);
    }
}

/** Residents: selectors hold no words of the screen, so the same steps serve any language. */
registry.category("web_tour.tours").add("property_service_bill_ask", {
    steps: () => [
        { content: "nothing is wider than the screen", trigger: ".o_property_ask", run: checkWidth },
        {
            content: "ask about this bill",
            trigger: ".o_property_ask",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "choose the line",
            trigger: ".o_property_ask_line:contains(Lift) input",
            run: "click",
        },
        { trigger: "#question", run: "edit Why do I pay for the lift on the ground floor?" },
        { content: "disputed: no reminders meanwhile", trigger: "#disputed", run: "click" },
        { trigger: ".o_property_ask_form", run: checkWidth },
        {
            trigger: ".o_property_ask_form .o_property_submit",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "the question is on file, with the line",
            trigger: ".o_property_service[data-state='new'] .o_property_bill:contains(Lift)",
        },
    ],
});

registry.category("web_tour.tours").add("property_service_bill_answer", {
    steps: () => [
        {
            content: "the question waits in the accountants' queue",
            trigger: ".o_data_row:contains(Question about) td[name=title]",
            run: "click",
        },
        { trigger: "button[name=action_fee_take]", run: "click" },
        { trigger: ".o_form_view:not(:has(button[name=action_fee_take]))" },
        {
            content: "the bill and the line in dispute",
            trigger: ".nav-link:contains(Bills)",
            run: "click",
        },
        { trigger: ".o_field_widget[name=fee_line_ids] .o_data_row:contains(Lift)" },
        {
            content: "credit it",
            trigger: "button[name=action_fee_credit]",
            run: "click",
        },
        { trigger: ".modal .o_field_widget[name=reason] input", run: "edit Lift taken off" },
        { trigger: ".modal button[name=refund_moves]", run: "click" },
        {
            content: "the credit note, with the unit it is for",
            trigger: ".o_form_view .o_field_widget[name=property_unit_id]:contains(1201), .o_form_view .o_field_widget[name=property_unit_id] input:value(1201)",
        },
        {
            content: "only the lift is credited",
            trigger: ".o_field_widget[name=invoice_line_ids] .o_data_row:contains(Property fee) .o_list_record_remove",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=invoice_line_ids]:not(:contains(Property fee))",
        },
        { trigger: "button[name=action_post]", run: "click" },
        { trigger: ".o_arrow_button_current:contains(Posted)" },
        {
            content: "back to the question",
            trigger: ".breadcrumb-item a:contains(Question about), .o_back_button a, .o_back_button",
            run: "click",
        },
        { trigger: ".nav-link:contains(Answer)", run: "click" },
        {
            trigger: ".o_field_widget[name=fee_answer_id] input",
            run: "edit Billed too much",
        },
        { trigger: ".o-autocomplete--dropdown-item:contains(Billed too much)", run: "click" },
        { trigger: ".o_field_widget[name=work_summary] textarea:value(you are right)" },
        { trigger: "button[name=action_fee_answer]", run: "click" },
        { content: "A question is answered, not finished", trigger: ".o_arrow_button_current:contains(Answered)" },
    ],
});

registry.category("web_tour.tours").add("property_service_bill_answered", {
    steps: () => [
        {
            content: "the answer and the credit note",
            trigger: ".o_property_service[data-state='done']:contains(you are right)",
        },
        { trigger: ".o_property_credit a[href^='/my/invoices/']", run: checkWidth },
        { trigger: ".o_property_outcome" },
        {
            content: "the credit note opens",
            trigger: ".o_property_credit a",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "#portal_invoice_content, .o_portal_invoice_sidebar, .o_portal_html_view" },
    ],
});

registry.category("web_tour.tours").add("property_service_price_accept", {
    steps: () => [
        {
            content: "the price stands on the page, the phone shows all of it",
            trigger: ".o_property_price[data-state='offered'] .o_property_price_total:contains(88.33)",
            run: checkWidth,
        },
        {
            trigger: ".o_property_accept_price",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".o_property_price[data-state='accepted']" },
        { trigger: ".o_property_service:not(:has(.o_property_accept_price))" },
    ],
});

registry.category("web_tour.tours").add("property_service_price_technician", {
    steps: () => [
        { trigger: ".o_kanban_record:contains(Kitchen tap leaks)", run: "click" },
        {
            content: "the fee for coming is there already; add a metre of pipe",
            trigger: ".o_property_job_price .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".o_property_job_price .o_selected_row [name=product_id] input",
            run: "click",
        },
        {
            content: "on a phone, the products fill the screen",
            trigger: ".modal .o_kanban_record:contains(Pipe)",
            run: "click",
        },
        {
            content: "the price comes from the list",
            trigger: ".o_property_job_price .o_data_row:contains(35.33)",
            run: checkWidth,
        },
        {
            content: "tell the resident the price",
            trigger: ".o_property_job_price button[name=action_offer_price]",
            run: "click",
        },
        { trigger: ".o_property_job_price .o_field_widget[name=price_state]:contains(Offered):not(:contains(To Be))" },
        { content: "saved", trigger: ".o_property_job:not(:has(.o_form_button_save:visible))" },
    ],
});

registry.category("web_tour.tours").add("property_service_price_done", {
    steps: () => [
        { trigger: ".o_kanban_record:contains(Kitchen tap leaks)", run: "click" },
        {
            content: "accepted: work may start",
            trigger: ".o_property_job_price .o_field_widget[name=price_state]:contains(Price Is Accepted)",
        },
        { trigger: ".o_property_job_steps button[name=action_start]", run: "click" },
        { trigger: ".o_property_job_steps button[name=action_done]", run: "click" },
        { trigger: ".modal .o_field_widget[name=summary] textarea", run: "edit Pipe replaced" },
        { trigger: ".modal button[name=action_apply]:visible", run: "click" },
        { trigger: ".o_property_job_steps button[name=action_accept]" },
    ],
});

/** A resident with 40 invoices on the phone: the agent reads out what the card says. */
registry.category("web_tour.tours").add("property_service_agent_balance", {
    steps: () => [
        {
            trigger: ".o_property_intake .o_field_widget[name=partner_id] input",
            run: "edit 13800138000",
        },
        { trigger: ".o-autocomplete--dropdown-item:contains(Zhang San)", run: "click" },
        {
            trigger: ".o_property_intake .o_field_widget[name=type_id] input",
            run: "edit Question about a Bill",
        },
        { trigger: ".o-autocomplete--dropdown-item:contains(Question about a Bill)", run: "click" },
        {
            content: "in words: how many, how much, since when, the last payment",
            trigger: ".o_property_fee_sentences:contains(40 open invoices):contains(12,000.00):contains(Overdue):contains(Last payment)",
        },
        {
            content: "all of them are listed, the oldest first",
            trigger: ".o_property_fee_bills",
            run() {
                const rows = document.querySelectorAll(".o_property_fee_bill");
                if (rows.length !== 40) {
                    throw new Error(`${rows.length} bills are shown instead of 40`);
                }
            },
        },
        {
            trigger: ".o_field_widget[name=description] textarea",
            run: "edit Why is the sum so high?",
        },
        {
            content: "the question is about the first bill",
            trigger: ".o_property_fee_bill:first",
            run: "click",
        },
        { trigger: ".o_property_fee_bill.table-info .fa-check" },
        { trigger: "button[name=action_intake_next]", run: "click" },
        { trigger: ".o_notification:contains(is registered)" },
    ],
});
