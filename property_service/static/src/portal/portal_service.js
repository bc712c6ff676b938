import { Interaction } from "@web/public/interaction";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/**
 * The form of a new request or complaint. It is sent in the background, so that a refusal or a broken connection leaves
 * everything as it was filled in, the photos too. Without scripts the same form works by itself.
 */
export class PortalReportForm extends Interaction {
    static selector = ".o_property_report_form";
    dynamicContent = {
        _root: { "t-on-submit.prevent": this.onSubmit },
        "#type_id": { "t-on-change": this.onTypeChange },
        ".o_property_submit": { "t-att-disabled": () => this.isSending || !this.mayReport },
    };

    setup() {
        this.isSending = false;
        // without the language, which may precede it in one address and not in the other
        [this.listPath] = new URL(this.el.action).pathname.match(/\/my\/[a-z]+/);
        this.mayReport = !this.el.querySelector(".o_property_submit").disabled;
    }

    start() {
        this.onTypeChange();
    }

    onTypeChange() {
        const chosen = this.el.querySelector("#type_id")?.value;
        for (const info of this.el.querySelectorAll(".o_property_type_info")) {
            info.classList.toggle("d-none", info.dataset.type !== chosen || !info.textContent.trim());
        }
    }

    async onSubmit() {
        if (this.isSending) {
            return;
        }
        this.isSending = true;
        this.updateContent();
        let error;
        try {
            const response = await fetch(this.el.action, { method: "POST", body: new FormData(this.el) });
            // Whatever is taken in leads away from the form: to the page of the case, or to the list.
            if (response.ok && response.redirected && new URL(response.url).pathname.includes(this.listPath)) {
                window.location = response.url;
                return;
            }
            const page = new DOMParser().parseFromString(await response.text(), "text/html");
            error = page.querySelector(".o_property_error")?.firstChild?.textContent;
            error ??= _t("Your request could not be sent. Sign in again in another tab, then try once more: nothing is lost.");
        } catch {
            error = _t("There is no connection. Nothing is lost: please try again.");
        }
        this.isSending = false;
        this.showError(error);
    }

    showError(text) {
        const alert = document.createElement("div");
        alert.className = "alert alert-danger o_property_error";
        alert.setAttribute("role", "alert");
        alert.textContent = text;
        const place = this.el.querySelector(".o_property_report_error");
        place.replaceChildren(alert);
        place.scrollIntoView({ block: "center" });
        this.updateContent();
    }
}

/** Forms of one step: a second click on a slow line must not send them twice. */
export class PortalStepForm extends Interaction {
    static selector = ".o_property_step_form, .o_property_message_form, .o_property_photo_form";
    dynamicContent = {
        _root: { "t-on-submit": this.onSubmit },
    };

    onSubmit(ev) {
        if (this.isSent) {
            ev.preventDefault();
        }
        this.isSent = true;
    }
}

/** Links in mails point to the step they speak of: #accept and #return open its dialog. So does a step that was refused. */
export class PortalServicePage extends Interaction {
    static selector = ".o_property_service";

    start() {
        const step = this.el.dataset.open || window.location.hash.slice(1);
        if (/^[a-z]+$/.test(step)) {
            this.el.querySelector(`[data-bs-target="#modal_${step}"]`)?.click();
        }
    }
}

registry.category("public.interactions").add("property_service.portal_report_form", PortalReportForm);
registry.category("public.interactions").add("property_service.portal_step_form", PortalStepForm);
registry.category("public.interactions").add("property_service.portal_service_page", PortalServicePage);
