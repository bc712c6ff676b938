import { Interaction } from "@web/public/interaction";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/**
 * Photos of a form: what the server will refuse is told before it is sent, and each chosen photo is shown and can be
 * taken out again. Choosing twice adds to what was chosen before.
 */
export class PortalUpload extends Interaction {
    static selector = ".o_property_upload_form";
    dynamicContent = {
        ".o_property_files": { "t-on-change": this.onChange },
        ".o_property_photo_submit": { "t-att-class": () => ({ "d-none": !this.files.length }) },
    };

    setup() {
        this.files = [];
        this.input = this.el.querySelector(".o_property_files");
        this.types = this.el.dataset.types.split(",");
        this.megabytes = parseInt(this.el.dataset.megabytes);
        this.count = parseInt(this.el.dataset.count);
    }

    destroy() {
        this.revokePreviews();
    }

    onChange() {
        const problems = [];
        for (const file of this.input.files) {
            if (!this.types.includes(file.type)) {
                problems.push(_t("%s is not a photo that we can show.", file.name));
            } else if (file.size > this.megabytes * 1024 * 1024) {
                problems.push(_t("%(name)s is larger than %(limit)s MB.", { name: file.name, limit: this.megabytes }));
            } else if (this.files.length >= this.count) {
                problems.push(_t("At most %s photos.", this.count));
                break;
            } else {
                this.files.push(file);
            }
        }
        this.el.querySelector(".o_property_upload_error").textContent = problems.join(" ");
        this.showFiles();
    }

    /** Give the chosen files back to the input, because that is what the form sends, and show them. */
    showFiles() {
        const transfer = new DataTransfer();
        this.files.forEach((file) => transfer.items.add(file));
        this.input.files = transfer.files;
        this.revokePreviews();
        const previews = this.el.querySelector(".o_property_previews");
        previews.replaceChildren(...this.files.map((file, index) => this.makePreview(file, index)));
    }

    makePreview(file, index) {
        const preview = document.createElement("div");
        preview.className = "o_property_preview";
        if (file.type.startsWith("image/")) {
            const image = document.createElement("img");
            image.className = "o_property_thumbnail rounded border";
            image.src = URL.createObjectURL(file);
            image.alt = file.name;
            preview.append(image);
        } else {
            const name = document.createElement("span");
            name.className = "badge text-bg-light border p-3";
            name.textContent = file.name;
            preview.append(name);
        }
        const button = document.createElement("button");
        button.type = "button";
        button.className = "btn btn-secondary o_property_remove";
        button.setAttribute("aria-label", _t("Remove %s", file.name));
        button.textContent = "×";
        this.addListener(button, "click", () => {
            this.files.splice(index, 1);
            this.showFiles();
        });
        preview.append(button);
        return preview;
    }

    revokePreviews() {
        for (const image of this.el.querySelectorAll(".o_property_preview img")) {
            URL.revokeObjectURL(image.src);
        }
    }
}

registry.category("public.interactions").add("property_service.portal_upload", PortalUpload);
