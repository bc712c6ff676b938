import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

const PNG =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

let letGo = () => {};

/** The answer to the next button is late: what happens between a click and the reload of the form is made to happen. */
function holdButton() {
    const original = rpc._rpc;
    rpc._rpc = (url, ...args) => {
        if (!url.startsWith("/web/dataset/call_button")) {
            return original(url, ...args);
        }
        rpc._rpc = original;
        return new Promise((resolve, reject) => {
            letGo = () => original(url, ...args).then(resolve, reject);
        });
    };
}

async function addPhoto(field, name) {
    const response = await window.fetch(`data:image/png;base64,${PNG}`);
    const transfer = new DataTransfer();
    transfer.items.add(new File([await response.blob()], name, { type: "image/png" }));
    const input = field.querySelector("input[type=file]");
    input.files = transfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
}

const AFTER = ".o_field_widget[name='photo_after_ids']";

registry.category("web_tour.tours").add("property_service_photo_while_reloading", {
    steps: () => [
        {
            trigger: ".nav-link[name='evidence']",
            run: "click",
        },
        {
            trigger: `${AFTER} .o_property_photo_add`,
            run: holdButton,
        },
        {
            trigger: "button[name='action_start']",
            run: "click",
        },
        {
            content: "The step is on its way to the server, the form may be used meanwhile",
            trigger: AFTER,
            run: ({ anchor }) => addPhoto(anchor, "meanwhile.png"),
        },
        {
            trigger: `${AFTER} img[alt='meanwhile.png']`,
            run: () => letGo(),
        },
        {
            trigger: ".o_arrow_button_current:contains(In Progress)",
        },
        {
            content: "The form has been reloaded and still has the photo",
            trigger: `${AFTER} img[alt='meanwhile.png']`,
        },
        {
            trigger: ".o_form_button_save:enabled",
            run: "click",
        },
        {
            trigger: ".o_form_saved, .o_form_view:has(.o_form_status_indicator_buttons.invisible)",
        },
        {
            content: "What is taken away, or discarded, stays away",
            trigger: AFTER,
            run: ({ anchor }) => addPhoto(anchor, "second.png"),
        },
        {
            trigger: `${AFTER} img[alt='second.png']`,
        },
        {
            trigger: ".o_form_button_cancel:enabled",
            run: "click",
        },
        {
            trigger: `${AFTER}:not(:has(img[alt='second.png'])):has(img[alt='meanwhile.png'])`,
        },
    ],
});
