import { registry } from "@web/core/registry";
import { inputFiles } from "@web/../tests/utils";

const PNG =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

async function pickText(field) {
    const file = new File(["no photo at all"], "notes.png", { type: "image/png" });
    await inputFiles(`.o_field_widget[name='${field}'] .o_input_file`, [file]);
}

async function takePhoto(field, name) {
    const response = await fetch(`data:image/png;base64,${PNG}`);
    const file = new File([await response.blob()], name, { type: "image/png" });
    await inputFiles(`.o_field_widget[name='${field}'] .o_input_file`, [file]);
}

/** Draw a stroke as a finger would. */
function sign(canvas) {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const point = (type, x, y) =>
        new PointerEvent(type, {
            bubbles: true,
            cancelable: true,
            pointerId: 1,
            isPrimary: true,
            buttons: type === "pointerup" ? 0 : 1,
            pressure: 0.5,
            clientX: left + width * x,
            clientY: top + height * y,
        });
    canvas.dispatchEvent(point("pointerdown", 0.2, 0.6));
    for (let step = 1; step <= 8; step++) {
        canvas.dispatchEvent(point("pointermove", 0.2 + step * 0.07, 0.6 - (step % 2) * 0.2));
    }
    canvas.dispatchEvent(point("pointerup", 0.8, 0.6));
}

registry.category("web_tour.tours").add("property_service_technician", {
    steps: () => [
        {
            content: "The phone number of the resident is a link to call",
            trigger: ".o_property_jobs a[href='tel:13800138000']",
        },
        {
            content: "Nothing is wider than the screen",
            trigger: ".o_kanban_record",
            run() {
                if (document.documentElement.scrollWidth > window.innerWidth) {
                    throw new Error(`The page is ${document.documentElement.scrollWidth} px wide`);
                }
            },
        },
        {
            content: "The job of next week is not one of today",
            trigger: ".o_property_jobs:not(:contains(Next week))",
        },
        {
            trigger: ".o_property_jobs_switch button:contains(All)",
            run: "click",
        },
        {
            trigger: ".o_kanban_record:contains(Next week)",
        },
        {
            trigger: ".o_property_jobs_switch button:contains(Today)",
            run: "click",
        },
        {
            trigger: ".o_property_jobs:not(:contains(Next week)) .o_kanban_record:contains(Kitchen tap leaks)",
            run: "click",
        },
        {
            trigger: ".o_property_job .o_property_job_line:contains(Floor 12)",
        },
        {
            content: "The steps are within reach of the thumb and large enough for it",
            trigger: ".o_property_job_steps button[name='action_start']",
            run({ anchor }) {
                const { height, bottom } = anchor.getBoundingClientRect();
                if (height < 48 || bottom > window.innerHeight) {
                    throw new Error(`Start is ${height} px high and ends at ${bottom} of ${window.innerHeight}`);
                }
            },
        },
        {
            trigger: ".o_property_job_steps button[name='action_start']",
            run: "click",
        },
        {
            trigger: ".o_property_job_steps button[name='action_done']",
        },
        {
            trigger: ".o_property_checklist_step[aria-checked='false']:contains(Close the valve)",
            run: "click",
        },
        {
            trigger: ".o_property_checklist_step[aria-checked='true']:contains(Close the valve)",
        },
        {
            trigger: ".o_property_checklist_step[aria-checked='false']:contains(Test for leaks)",
            run: "click",
        },
        {
            content: "A photo from before",
            trigger: ".o_property_checklist_step[aria-checked='true']:contains(Test for leaks)",
            run: () => takePhoto("photo_before_ids", "before.png"),
        },
        {
            trigger: ".o_field_widget[name='photo_before_ids'] img[alt='before.png']",
            run: () => takePhoto("photo_after_ids", "after.png"),
        },
        {
            content: "What is no photo is refused in plain words, and does not stand in the way",
            trigger: ".o_field_widget[name='photo_after_ids'] img[alt='after.png']",
            run: () => pickText("photo_after_ids"),
        },
        {
            trigger: ".modal:contains(notes.png is not a photo) .modal-footer .btn-primary",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_field_widget[name='photo_after_ids']:not(:has(img[alt='notes.png']))",
        },
        {
            trigger: ".o_field_widget[name='materials_used'] textarea",
            run: "edit 1 washer",
        },
        {
            trigger: ".o_field_widget[name='work_summary'] textarea",
            run: "edit Washer replaced",
        },
        {
            trigger: ".o_property_job_steps button[name='action_done']",
            run: "click",
        },
        {
            trigger: ".o_property_job_steps button[name='action_accept']",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='work_summary']:contains(Washer replaced)",
        },
        {
            trigger: ".modal canvas",
            run: ({ anchor }) => sign(anchor),
        },
        {
            trigger: ".modal .o_property_signature button:contains(Clear)",
            run: "click",
        },
        {
            trigger: ".modal .o_property_signature:not(:has(button)) canvas",
            run: ({ anchor }) => sign(anchor),
        },
        {
            trigger: ".modal .o_property_signature button:contains(Clear)",
        },
        {
            trigger: ".modal button[name='action_sign']",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_property_job .o_field_widget[name='state']:contains(Accepted)",
        },
    ],
});
