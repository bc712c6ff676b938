import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";
import { makeKey, Outbox } from "./outbox";
import { preparePhoto } from "./photo";

const RETRY_MS = 8000;
const TYPING_MS = 700;
const TIMEOUT_MS = 60000;

/** The server could not be reached, or something else than the server has answered: it will be sent again. */
class NotSent extends Error {}

/**
 * The page on which an inspection is carried out. Whatever is entered goes into the outbox first and leaves it when the
 * server has given its receipt; the server keeps once what is sent twice. So a lost connection loses nothing.
 */
export class InspectionPage extends Interaction {
    static selector = ".o_property_inspection";

    setup() {
        const { key, saveUrl, mayAnswer } = this.el.dataset;
        this.saveUrl = saveUrl;
        this.mayAnswer = Boolean(mayAnswer);
        this.outbox = new Outbox(key);
        this.refused = new Map();
        this.connected = browser.navigator.onLine !== false;
        this.sending = null;
        this.typing = null;
    }

    async willStart() {
        await this.outbox.open();
    }

    start() {
        if (!this.mayAnswer) {
            return;
        }
        this.addListener(this.el, "change", this.onChange);
        this.addListener(this.el, "input", this.onInput);
        this.addListener(this.el, "click", this.onClick);
        this.addListener(window, "online", () => this.send());
        this.addListener(window, "offline", () => this.showConnection(false));
        this.addListener(document, "visibilitychange", () => !document.hidden && this.send());
        const timer = browser.setInterval(() => this.send(), RETRY_MS);
        this.registerCleanup(() => browser.clearInterval(timer));
        this.registerCleanup(() => browser.clearTimeout(this.typing));
        this.restore();
    }

    // ---- WHAT IS ON THE PAGE ----

    getItem(lineId) {
        return this.el.querySelector(`.o_property_item[data-line-id="${lineId}"]`);
    }

    read(item) {
        const chosen = item.querySelector(".o_property_answer:checked")?.value;
        const number = item.querySelector(".o_property_number");
        const notApplicable = number ? item.querySelector(".o_property_na").checked : chosen === "na";
        const text = number ? number.value.trim() : chosen;
        return {
            line_id: Number(item.dataset.lineId),
            value: notApplicable || text === undefined || text === "" ? null : Number(text),
            not_applicable: notApplicable,
            note: item.querySelector(".o_property_note").value,
        };
    }

    /** Show what waits in the outbox: the server does not know it yet. */
    async restore() {
        for (const entry of await this.outbox.all()) {
            if (entry.step === "draft") {
                this.el.querySelector(".o_property_summary").value = entry.params.note;
                continue;
            }
            const item = this.getItem(entry.params.line_id);
            if (!item) {
                continue;
            }
            if (entry.step === "answer") {
                this.fill(item, entry.params);
            } else if (entry.step === "add_photo") {
                this.showPhoto(item, entry.params.key, entry.url);
            } else {
                item.querySelector(`[data-key="${entry.params.key}"]`)?.remove();
            }
        }
        await this.refresh();
        this.send();
    }

    fill(item, params) {
        const number = item.querySelector(".o_property_number");
        if (number) {
            number.value = params.value === null ? "" : params.value;
            item.querySelector(".o_property_na").checked = params.not_applicable;
        } else {
            const value = params.not_applicable ? "na" : params.value === null ? null : String(params.value);
            for (const input of item.querySelectorAll(".o_property_answer")) {
                input.checked = input.value === value;
            }
        }
        item.querySelector(".o_property_note").value = params.note;
        item.querySelector(".o_property_remark").open = Boolean(params.note);
    }

    showPhoto(item, key, url) {
        if (item.querySelector(`[data-key="${key}"]`)) {
            return;
        }
        const photo = document.createElement("span");
        photo.className = "o_property_taken";
        photo.dataset.key = key;
        const image = document.createElement("img");
        image.src = url;
        image.alt = _t("Photo");
        const remove = document.createElement("button");
        remove.type = "button";
        remove.className = "o_property_untake btn btn-dark";
        remove.setAttribute("aria-label", _t("Remove the photo"));
        remove.textContent = "×";
        photo.append(image, remove);
        item.querySelector(".o_property_photos").prepend(photo);
    }

    // ---- HANDLERS ----

    async onChange(ev) {
        const item = ev.target.closest(".o_property_item");
        if (ev.target.matches(".o_property_camera")) {
            const files = [...ev.target.files];
            ev.target.value = ""; // the same photo may be taken again
            for (const file of files) {
                await this.addPhoto(item, file);
            }
        } else if (ev.target.matches(".o_property_number")) {
            item.querySelector(".o_property_na").checked = false;
            await this.keepAnswer(item);
        } else if (ev.target.matches(".o_property_na")) {
            item.querySelector(".o_property_number").value = "";
            await this.keepAnswer(item);
        } else if (ev.target.matches(".o_property_answer")) {
            await this.keepAnswer(item);
        } else {
            return;
        }
        this.send();
    }

    /** Kept with every letter, sent when the typing stops. */
    async onInput(ev) {
        const item = ev.target.closest(".o_property_item");
        if (ev.target.matches(".o_property_summary")) {
            await this.outbox.put({ key: "draft", step: "draft", params: { note: ev.target.value } });
        } else if (ev.target.matches(".o_property_note, .o_property_number")) {
            await this.keepAnswer(item);
            browser.clearTimeout(this.typing);
            this.typing = browser.setTimeout(() => this.send(), TYPING_MS);
        }
    }

    async onClick(ev) {
        if (ev.target.closest(".o_property_finish")) {
            await this.finish();
        } else if (ev.target.closest(".o_property_untake")) {
            const photo = ev.target.closest(".o_property_taken");
            await this.removePhoto(photo.closest(".o_property_item"), photo);
            this.send();
        } else if (ev.target.closest(".o_property_to_next")) {
            this.el.querySelector(".o_property_item.o_property_open, .o_property_item.o_property_photo_missing")?.scrollIntoView({
                behavior: "smooth",
                block: "center",
            });
        }
    }

    async keepAnswer(item) {
        const params = this.read(item);
        this.refused.delete(`answer:${params.line_id}`);
        await this.outbox.put({ key: `answer:${params.line_id}`, step: "answer", params });
        await this.refresh();
    }

    async addPhoto(item, file) {
        const { name, url } = await preparePhoto(file);
        const key = makeKey();
        const params = { line_id: Number(item.dataset.lineId), key, name, data: url.slice(url.indexOf(",") + 1) };
        await this.outbox.put({ key: `photo:${key}`, step: "add_photo", params, url });
        this.showPhoto(item, key, url);
        await this.refresh();
    }

    async removePhoto(item, photo) {
        const key = photo.dataset.key;
        photo.remove();
        const params = { line_id: Number(item.dataset.lineId), key };
        this.refused.delete(`photo:${key}`);
        // In the place of the photo, should it not have been sent yet: the server then never lets it in.
        await this.outbox.put({ key: `photo:${key}`, step: "remove_photo", params });
        await this.refresh();
    }

    // ---- SENDING ----

    async post(step, params) {
        let response;
        const abort = new AbortController();
        const timer = browser.setTimeout(() => abort.abort(), TIMEOUT_MS);
        try {
            response = await browser.fetch(this.saveUrl, {
                method: "POST",
                headers: { "Content-Type": "application/json" },
                body: JSON.stringify({ jsonrpc: "2.0", method: "call", params: { step, params } }),
                signal: abort.signal,
            });
        } catch {
            throw new NotSent();
        } finally {
            browser.clearTimeout(timer);
        }
        let answer;
        try {
            answer = await response.json();
        } catch {
            throw new NotSent(); // the page of a hotspot, a proxy's error
        }
        if (answer.error?.code === 100) {
            throw new NotSent("signed out");
        }
        if (!response.ok || !answer.result) {
            throw new NotSent("server");
        }
        return answer.result;
    }

    /** Send what waits, one after the other; never two runs at once. */
    send() {
        if (!this.sending) {
            this.sending = this.sendAll().finally(() => {
                this.sending = null;
            });
        }
        return this.sending;
    }

    async getWaiting() {
        return (await this.outbox.all()).filter((entry) => entry.step !== "draft" && !this.refused.has(entry.key));
    }

    async sendAll() {
        for (let waiting = await this.getWaiting(); waiting.length; waiting = await this.getWaiting()) {
            const entry = waiting[0];
            const params =
                entry.step === "answer" ? { ...entry.params, age: Math.max(0, (Date.now() - entry.stamp) / 1000) } : entry.params;
            let receipt;
            try {
                receipt = await this.post(entry.step, params);
            } catch (error) {
                if (!(error instanceof NotSent)) {
                    throw error;
                }
                this.showConnection(false, error.message);
                await this.refresh();
                return;
            }
            this.showConnection(true);
            if (receipt.refused) {
                this.refused.set(entry.key, receipt.refused);
            } else {
                await this.outbox.remove(entry);
                this.showReceipt(receipt);
            }
            await this.refresh();
        }
    }

    async finish() {
        await this.send();
        await this.send(); // what was entered while the first run was on its way
        if ((await this.getWaiting()).length) {
            this.showFinish(_t("Without a connection it cannot be finished. What you have entered is kept on this phone."));
            return;
        }
        let result;
        try {
            result = await this.post("finish", { note: this.el.querySelector(".o_property_summary").value });
        } catch {
            this.showFinish(_t("Without a connection it cannot be finished. What you have entered is kept on this phone."));
            return;
        }
        if (result.refused) {
            this.showFinish(result.refused);
            return;
        }
        for (const entry of await this.outbox.all()) {
            await this.outbox.remove(entry);
        }
        this.el.querySelector(".o_property_score").textContent = result.score;
        this.el.classList.add("o_property_finished");
        window.scrollTo(0, 0);
    }

    // ---- SHOWING ----

    showReceipt(receipt) {
        const item = this.getItem(receipt.line_id);
        item.dataset.answered = receipt.answered ? "1" : "";
        item.dataset.needsPhoto = receipt.needs_photo ? "1" : "";
    }

    showConnection(connected, why) {
        this.connected = connected;
        this.why = why;
        this.showState();
    }

    showFinish(message) {
        const box = this.el.querySelector(".o_property_finish_error");
        box.textContent = message;
        box.classList.toggle("d-none", !message);
    }

    async refresh() {
        const entries = (await this.outbox.all()).filter((entry) => entry.step !== "draft");
        const byLine = new Map();
        for (const entry of entries) {
            const line = byLine.get(entry.params.line_id) || [];
            line.push(entry);
            byLine.set(entry.params.line_id, line);
        }
        this.waiting = entries.filter((entry) => !this.refused.has(entry.key)).length;
        let answered = 0;
        const items = [...this.el.querySelectorAll(".o_property_item")];
        for (const item of items) {
            const own = byLine.get(Number(item.dataset.lineId)) || [];
            const params = this.read(item);
            const isAnswered = params.value !== null || params.not_applicable;
            answered += isAnswered ? 1 : 0;
            const problems = own.map((entry) => this.refused.get(entry.key)).filter(Boolean);
            const hasPhoto = Boolean(item.querySelector(".o_property_taken"));
            item.classList.toggle("o_property_open", !isAnswered);
            item.classList.toggle("o_property_photo_missing", Boolean(item.dataset.needsPhoto) && !hasPhoto && !params.not_applicable);
            item.classList.toggle("o_property_waiting", own.length > problems.length);
            item.classList.toggle("o_property_saved", !own.length && Boolean(item.dataset.answered));
            const error = item.querySelector(".o_property_item_error");
            error.textContent = problems.join(" ");
            error.classList.toggle("d-none", !problems.length);
        }
        this.el.querySelector(".o_property_progress").textContent = `${answered} / ${items.length}`;
        this.el.querySelector(".o_property_bar").style.width = `${items.length ? (100 * answered) / items.length : 0}%`;
        this.showState();
    }

    showState() {
        const box = this.el.querySelector(".o_property_sync");
        let text = _t("All saved");
        let kind = "text-bg-success";
        if (this.why === "signed out") {
            text = _t("Sign in again: nothing is lost");
            kind = "text-bg-danger";
        } else if (this.waiting && !this.connected) {
            text = _t("No connection: %s kept on this phone", this.waiting);
            kind = "text-bg-warning";
        } else if (this.waiting) {
            text = _t("Saving %s …", this.waiting);
            kind = "text-bg-info";
        } else if (this.refused.size) {
            text = _t("Not everything was accepted");
            kind = "text-bg-danger";
        } else if (!this.connected) {
            text = _t("No connection");
            kind = "text-bg-warning";
        }
        box.className = `o_property_sync badge ${kind}`;
        box.textContent = text;
        this.el.querySelector(".o_property_fragile").classList.toggle("d-none", this.outbox.isDurable);
    }
}

registry.category("public.interactions").add("property_service.inspection_page", InspectionPage);
