import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";

const PNG =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

async function takePhoto(input, name) {
    const response = await window.fetch(`data:image/png;base64,${PNG}`);
    const transfer = new DataTransfer();
    transfer.items.add(new File([await response.blob()], name, { type: "image/png" }));
    input.files = transfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
}

function item(name) {
    return `.o_property_item:contains(${name})`;
}

function answer(name, choice) {
    return { trigger: `${item(name)} label:contains(${choice})`, run: "click" };
}

/** The connection is lost: what a browser does when there is no network. */
function cutConnection() {
    browser.fetch = () => Promise.reject(new TypeError("Failed to fetch"));
}

/** What the server knows, asked past the cut. */
async function checkServerKnowsNothingOf(...names) {
    const response = await window.fetch(window.location.href);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const name of names) {
        const found = [...page.querySelectorAll(".o_property_item")].find((each) => each.textContent.includes(name));
        if (!found || found.dataset.answered || found.querySelector(".o_property_taken")) {
            throw new Error(`The server should not know the answer to ${name} yet`);
        }
    }
}

registry.category("web_tour.tours").add("property_service_inspection_phone", {
    steps: () => [
        {
            trigger: ".o_kanban_record:contains(Round) button[name='action_carry_out']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_property_inspection .o_property_sync:contains(All saved)",
        },
        {
            content: "Nothing is wider than the screen, and answers are large enough for the thumb",
            trigger: `${item("Lobby clean")} label:contains(Yes)`,
            run({ anchor }) {
                if (document.documentElement.scrollWidth > window.innerWidth) {
                    throw new Error(`The page is ${document.documentElement.scrollWidth} px wide`);
                }
                const { height } = anchor.getBoundingClientRect();
                if (height < 48) {
                    throw new Error(`An answer is ${height} px high`);
                }
            },
        },
        answer("Lobby clean", "Yes"),
        {
            content: "The answer is saved at once; the item asks for its photo",
            trigger: `${item("Lobby clean")}.o_property_saved.o_property_photo_missing`,
        },
        {
            content: "The connection is lost",
            trigger: ".o_property_sync:contains(All saved)",
            run: cutConnection,
        },
        {
            trigger: `${item("Lobby clean")} .o_property_take`,
            run: ({ anchor }) => takePhoto(anchor.querySelector("input"), "lobby.png"),
        },
        {
            trigger: `${item("Lobby clean")}.o_property_waiting:not(.o_property_photo_missing) .o_property_taken`,
        },
        answer("Lift clean", "2"),
        {
            trigger: `${item("Lift clean")} summary`,
            run: "click",
        },
        {
            trigger: `${item("Lift clean")} .o_property_note`,
            run: "edit Scratches on the panel",
        },
        {
            content: "At once, not letter by letter: between, a number field holds no number (97.) and would start again",
            trigger: `${item("Lamps lit")} .o_property_number`,
            run({ anchor }) {
                anchor.value = "97.5";
                anchor.dispatchEvent(new Event("input", { bubbles: true }));
                anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        {
            trigger: ".o_property_summary",
            run: "edit Lamps of level B1 are out",
        },
        {
            trigger: ".o_property_sync:contains(No connection: 3 kept on this phone)",
        },
        {
            content: "Without a connection it cannot be finished, and says so",
            trigger: ".o_property_finish",
            run: "click",
        },
        {
            trigger: ".o_property_finish_error:contains(kept on this phone)",
            run: () => checkServerKnowsNothingOf("Lift clean", "Lamps lit"),
        },
        {
            content: "The phone is switched off and on again, the connection is back: all is there and is sent",
            trigger: ".o_property_finish",
            run: () => window.location.reload(),
            expectUnloadPage: true,
        },
        {
            trigger: `${item("Lift clean")}.o_property_saved:has(.o_property_answer[value='2']:checked)`,
        },
        {
            trigger: ".o_property_sync:contains(All saved)",
            run() {
                const notes = [...document.querySelectorAll(".o_property_note")].map((each) => each.value);
                if (!notes.includes("Scratches on the panel")) {
                    throw new Error("The remark is lost");
                }
                const { value } = document.querySelector(".o_property_number");
                if (value !== "97.5") {
                    throw new Error(`The number is lost: ${value}`);
                }
                if (document.querySelector(".o_property_summary").value !== "Lamps of level B1 are out") {
                    throw new Error("The summary is lost");
                }
            },
        },
        {
            trigger: `${item("Lobby clean")}.o_property_saved .o_property_taken`,
        },
        answer("Smile", "5"),
        answer("Files locked", "Yes"),
        {
            trigger: `${item("Files locked")}.o_property_saved`,
        },
        {
            trigger: ".o_property_progress:contains(5 / 5)",
        },
        {
            trigger: ".o_property_finish",
            run: "click",
        },
        {
            trigger: ".o_property_finished .o_property_thanks:contains(finished)",
        },
    ],
});

registry.category("web_tour.tours").add("property_service_inspection_outside", {
    steps: () => [
        {
            content: "The page does not say who is inspected, and needs no login",
            trigger: ".o_property_inspection:not(:contains(Engineering)) .o_property_sync:contains(All saved)",
        },
        {
            content: "What will not do is refused at its item",
            trigger: `${item("Lobby clean")} .o_property_take`,
            async run({ anchor }) {
                const transfer = new DataTransfer();
                transfer.items.add(new File(["no photo at all"], "notes.png", { type: "image/png" }));
                const input = anchor.querySelector("input");
                input.files = transfer.files;
                input.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        {
            trigger: `${item("Lobby clean")} .o_property_item_error:contains(not a photo)`,
        },
        {
            trigger: `${item("Lobby clean")} .o_property_untake`,
            run: "click",
        },
        {
            trigger: `${item("Lobby clean")}:has(.o_property_item_error.d-none)`,
        },
        answer("Lobby clean", "No"),
        {
            trigger: `${item("Lobby clean")} .o_property_take`,
            run: ({ anchor }) => takePhoto(anchor.querySelector("input"), "dust.png"),
        },
        answer("Lift clean", "4"),
        {
            trigger: `${item("Lamps lit")} label:contains(N/A)`,
            run: "click",
        },
        answer("Smile", "3"),
        {
            trigger: `${item("Smile")}.o_property_saved`,
        },
        {
            trigger: ".o_property_finish",
            run: "click",
        },
        {
            trigger: ".o_property_finish_error:contains(Files locked)",
        },
        answer("Files locked", "Yes"),
        {
            trigger: `${item("Files locked")}.o_property_saved`,
        },
        {
            trigger: ".o_property_finish",
            run: "click",
        },
        {
            trigger: ".o_property_finished .o_property_thanks",
        },
    ],
});

registry.category("web_tour.tours").add("property_service_finding_plan", {
    steps: () => [
        {
            content: "The scores of the sections are shown",
            trigger: ".o_property_section_scores:contains(People)",
        },
        {
            trigger: "button[name='action_corrective']:contains(All Findings)",
            run: "click",
        },
        {
            content: "The corrective action knows its finding, with the photo as evidence before",
            trigger: ".o_form_view .o_field_widget[name='title'] textarea:value(Lobby clean), .o_form_view .o_field_widget[name='title']:contains(Lobby clean)",
        },
        {
            trigger: ".nav-link:contains(Evidence)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='photo_before_ids'] img",
        },
        {
            trigger: "button[name='action_plan']",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='plan'] textarea",
            run: "edit Wipe twice a day",
        },
        {
            trigger: ".modal .o_field_widget[name='responsible_id'] input",
            run: "edit Wang Worker",
        },
        {
            trigger: ".dropdown-item:contains(Wang Worker)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='deadline'] input, .modal .o_field_widget[name='deadline'] button",
            run: "click",
        },
        {
            trigger: ".o_date_item_cell.o_today",
            run: "click",
        },
        {
            trigger: ".modal button[name='action_apply']",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current[data-value='planned']",
        },
    ],
});

registry.category("web_tour.tours").add("property_service_finding_done", {
    steps: () => [
        {
            trigger: ".o_kanban_record:contains(Lobby clean)",
            run: "click",
        },
        {
            trigger: "button[name='action_start']",
            run: "click",
        },
        {
            content: "The form has come back from the server: what is entered before that is lost",
            trigger: ".o_arrow_button_current[data-value='in_progress']",
        },
        {
            trigger: ".nav-link:contains(Evidence)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='photo_after_ids'] .o_input_file:not(:visible)",
            run: ({ anchor }) => takePhoto(anchor, "after.png"),
        },
        {
            trigger: ".o_field_widget[name='photo_after_ids'] img[alt='after.png']",
        },
        {
            trigger: "button[name='action_done']",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='cause'] select, .modal .o_field_widget[name='cause'] input",
            run({ anchor }) {
                if (anchor.tagName === "SELECT") {
                    anchor.value = '"people"';
                    anchor.dispatchEvent(new Event("change", { bubbles: true }));
                } else {
                    anchor.click();
                }
            },
        },
        {
            trigger: ".o_select_menu_item:contains(People), .modal .o_field_widget[name='cause'] select",
            run({ anchor }) {
                if (anchor.tagName !== "SELECT") {
                    anchor.click();
                }
            },
        },
        {
            trigger: ".modal .o_field_widget[name='result'] textarea",
            run: "edit Wiped, and a rota hung up",
        },
        {
            trigger: ".modal button[name='action_apply']",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current[data-value='done']",
        },
    ],
});

registry.category("web_tour.tours").add("property_service_finding_verify", {
    steps: () => [
        {
            trigger: ".nav-link:contains(Effect)",
            run: "click",
        },
        {
            content: "The figure before and after, as a number and as a small chart",
            trigger: ".o_property_service_effect .o_effect_before svg rect",
        },
        {
            trigger: ".o_property_service_effect .o_effect_after:contains(96 %) svg rect",
        },
        {
            trigger: "button[name='action_verify']",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='reason'] textarea",
            run: "edit Clean on three days",
        },
        {
            trigger: ".modal button[name='action_apply']",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current[data-value='verified']",
        },
        {
            trigger: ".nav-link:contains(Effect)",
            run: "click",
        },
        {
            content: "The points card",
            trigger: ".o_field_widget[name='points_card']:contains(Full points)",
        },
    ],
});

registry.category("web_tour.tours").add("property_service_repeated_complaint", {
    steps: () => [
        {
            trigger: "button[name='action_register']",
            run: "click",
        },
        {
            content: "The third complaint of the same flat has opened a corrective action by itself",
            trigger: "button[name='action_open_corrective_actions']:contains(1)",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains(Repeated) .o_data_cell[name='title']",
            run: "click",
        },
        {
            trigger: ".o_form_view button[name='action_open_complaints']:contains(3)",
        },
    ],
});
