import { registry } from "@web/core/registry";

/** Choose pictures as the file dialog would: a script may fill a file input only through a DataTransfer. */
async function chooseFiles(input, names, type = "image/png") {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 16;
    canvas.getContext("2d").fillRect(0, 0, 16, 16);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve));
    const transfer = new DataTransfer();
    names.forEach((name) => transfer.items.add(new File([blob], name, { type })));
    input.files = transfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
}

function checkWidth() {
    const width = document.documentElement.scrollWidth;
    if (width > window.innerWidth) {
        throw new Error(`The page is ${width} px wide, the screen ${window.innerWidth}`);
    }
}

/** Report a leak with photos; selectors hold no words, so the same steps serve residents of any language. */
export const reportSteps = (title) => [
    {
        content: "the home page leads to the services",
        trigger: ".o_portal_my_home a[href='/my/services']",
        run: "click",
        expectUnloadPage: true,
    },
    {
        content: "start a new request",
        trigger: ".o_property_new",
        run: "click",
        expectUnloadPage: true,
    },
    {
        content: "nothing is wider than the screen",
        trigger: ".o_property_report_form",
        run: checkWidth,
    },
    {
        content: "choose the flat",
        trigger: ".o_property_report_form #unit_id",
        run: "selectByIndex 1",
    },
    {
        content: "choose the service",
        trigger: ".o_property_report_form #type_id",
        run() {
            const option = [...this.anchor.options].find((item) => item.textContent.includes("Water Leak"));
            this.anchor.value = option.value;
            this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
        },
    },
    {
        content: "what the service promises is shown",
        trigger: ".o_property_type_info:not(.d-none) .fa-clock-o",
    },
    {
        content: "say what it is",
        trigger: "#title",
        run: `edit ${title}`,
    },
    {
        trigger: "#description",
        run: "edit Water drips since this morning.",
    },
    {
        content: "a wrong file is refused before it is sent",
        trigger: ".o_property_report_form .o_property_files",
        run() {
            return chooseFiles(this.anchor, ["notes.txt"], "text/plain");
        },
    },
    {
        trigger: ".o_property_upload_error:contains(notes.txt)",
    },
    {
        content: "choose two photos",
        trigger: ".o_property_report_form .o_property_files",
        run() {
            return chooseFiles(this.anchor, ["a.png", "b.png"]);
        },
    },
    {
        content: "take one out again",
        trigger: ".o_property_previews .o_property_preview:nth-child(2) .o_property_remove",
        run: "click",
    },
    {
        trigger: ".o_property_previews:has(.o_property_preview:only-child)",
    },
    {
        content: "send",
        trigger: ".o_property_submit",
        run: "click",
        expectUnloadPage: true,
    },
    {
        content: "the request's page thanks and shows the photo",
        trigger: `.o_property_service:has(.o_property_info):has(.o_property_thumbnail) h3:contains(${title})`,
        run: checkWidth,
    },
];

registry.category("web_tour.tours").add("property_service_portal_report", {
    steps: () => [
        ...reportSteps("Kitchen tap leaks"),
        {
            content: "write a message",
            trigger: ".o_property_message_form textarea",
            run: "edit I am at home after six.",
        },
        {
            trigger: ".o_property_message_form button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "it stands in the conversation",
            trigger: ".o_property_message.o_property_mine:contains(I am at home after six.)",
        },
        {
            content: "ask for progress",
            trigger: "[data-bs-target='#modal_chase']",
            run: "click",
        },
        {
            trigger: "#modal_chase.show textarea",
            run: "edit The water is rising.",
        },
        {
            trigger: "#modal_chase.show button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_property_info",
        },
        {
            content: "asking again at once is not offered",
            trigger: ".o_property_steps:not(:has([data-bs-target='#modal_chase']))",
        },
        {
            content: "report the same again: refused, and nothing is lost",
            trigger: ".o_portal_submenu a[href='/my/services']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_property_services:contains(Kitchen tap leaks)",
            run: checkWidth,
        },
        {
            trigger: ".o_property_new",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_property_report_form #unit_id",
            run: "selectByIndex 1",
        },
        {
            trigger: ".o_property_report_form #type_id",
            run() {
                const option = [...this.anchor.options].find((item) => item.textContent.includes("Water Leak"));
                this.anchor.value = option.value;
                this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        {
            trigger: "#title",
            run: "edit Kitchen tap leaks",
        },
        {
            trigger: "#description",
            run: "edit Water drips since this morning.",
        },
        {
            trigger: ".o_property_report_form .o_property_files",
            run() {
                return chooseFiles(this.anchor, ["c.png"]);
            },
        },
        {
            trigger: ".o_property_submit",
            run: "click",
        },
        {
            content: "the refusal is told on the form, which is as it was filled in",
            trigger: ".o_property_report_form:has(.o_property_preview) .o_property_error",
        },
        {
            trigger: "#title:value(Kitchen tap leaks)",
        },
        {
            content: "cancel the request",
            trigger: ".o_portal_submenu a[href='/my/services']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_property_services a:contains(Kitchen tap leaks)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "[data-bs-target='#modal_cancel']",
            run: "click",
        },
        {
            trigger: "#modal_cancel.show button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_property_service[data-state=cancelled] .o_property_info",
        },
    ],
});

/** Return finished work as not fixed. */
export const returnSteps = (reason) => [
    {
        trigger: ".o_property_service[data-state=done]",
        run: checkWidth,
    },
    {
        content: "not fixed",
        trigger: ".o_property_service[data-state=done] [data-bs-target='#modal_return']",
        run: "click",
    },
    {
        trigger: "#modal_return.show textarea",
        run: `edit ${reason}`,
    },
    {
        trigger: "#modal_return.show button[type=submit]",
        run: "click",
        expectUnloadPage: true,
    },
    {
        content: "the history tells the reason",
        trigger: `.o_property_service[data-state=in_progress] .o_property_latest:contains(${reason})`,
    },
];

/** Accept with a signature, then rate with four stars. */
export const acceptSteps = () => [
    {
        trigger: ".o_property_service[data-state=done] [data-bs-target='#modal_accept']",
        run: "click",
    },
    {
        content: "the name signs",
        trigger: "#modal_accept.show .o_web_sign_name_and_signature canvas",
    },
    {
        trigger: "#modal_accept.show .o_portal_sign_submit:enabled",
        run: "click",
        expectUnloadPage: true,
    },
    {
        content: "accepted, the signature is on the page",
        trigger: ".o_property_service[data-state=accepted]:has(.o_property_signature) .o_property_info",
    },
    {
        content: "four stars",
        trigger: ".o_property_rating_card label[for=star_4]",
        run: "click",
    },
    {
        trigger: ".o_property_rating_card textarea",
        run: "edit Quick and clean.",
    },
    {
        trigger: ".o_property_rating_card button[type=submit]",
        run: "click",
        expectUnloadPage: true,
    },
    {
        trigger: ".o_property_service:not(:has(.o_property_rating_card)) .o_property_given_stars:contains(★★★★☆)",
    },
];

registry.category("web_tour.tours").add("property_service_portal_accept", {
    steps: () => acceptSteps(),
});

registry.category("web_tour.tours").add("property_service_portal_return", {
    steps: () => returnSteps("It still drips."),
});
