import { Component, onMounted, onWillStart, onWillUnmount, useExternalListener, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { clock, formatMinutes, unwatch, watch } from "../clock/remaining_field";

const NOTIFICATION = "property_service/wallboard";
/** The server says "look again" at most every two seconds: whoever looks after three has seen everything before. */
const DELAY = 3_000;
/** Time alone makes cases overdue, and a message can be lost: look from time to time in any case. */
const INTERVAL = 60_000;
const STORED_ESTATE = "property_service.wallboard.estate";

/** Board for the front desk: big figures and the most urgent cases, to be read from afar; refreshes itself. */
export class Wallboard extends Component {
    static template = "property_service.Wallboard";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.bus = useService("bus_service");
        this.root = useRef("root");
        this.clock = useState(clock);
        this.state = useState({ board: null, estates: [], estateId: this.storedEstate, stale: false, updatedAt: null, fullscreen: false });
        this.figures = [
            { name: "overdue", label: _t("Overdue"), tone: "danger" },
            { name: "at_risk", label: _t("At Risk"), tone: "warning" },
            { name: "due_today", label: _t("Due Today"), tone: "info" },
            { name: "urgent", label: _t("Urgent"), tone: "danger" },
            { name: "unassigned", label: _t("Nobody Assigned"), tone: "warning" },
            { name: "open", label: _t("Open"), tone: "plain" },
            { name: "callbacks", label: _t("Callbacks Due"), tone: "info" },
        ];
        this.lists = [
            { name: "overdue", label: _t("Overdue"), empty: _t("Nothing is overdue") },
            { name: "next", label: _t("Due Next"), empty: _t("Nothing else is due") },
        ];
        this.onNotified = () => this.lookSoon();
        onWillStart(async () => {
            this.state.estates = await this.orm.searchRead("property.service.estate", [], ["name"], { order: "name" });
            if (!this.state.estates.some((estate) => estate.id === this.state.estateId)) {
                this.state.estateId = false;
            }
            await this.look();
        });
        onMounted(() => {
            watch();
            this.bus.subscribe(NOTIFICATION, this.onNotified);
            this.bus.start();
            this.interval = browser.setInterval(() => this.look(), INTERVAL);
        });
        onWillUnmount(() => {
            unwatch();
            this.bus.unsubscribe(NOTIFICATION, this.onNotified);
            browser.clearInterval(this.interval);
            browser.clearTimeout(this.timeout);
        });
        useExternalListener(document, "visibilitychange", () => this.missed && this.look());
        useExternalListener(document, "fullscreenchange", () => (this.state.fullscreen = Boolean(document.fullscreenElement)));
    }

    get storedEstate() {
        return Number(browser.localStorage.getItem(STORED_ESTATE)) || false;
    }

    /** Look once, a little later, however many messages come until then. Boards do not all look at the same moment. */
    lookSoon() {
        if (!this.timeout) {
            this.timeout = browser.setTimeout(() => this.look(), DELAY + Math.random() * 1_000);
        }
    }

    async look() {
        browser.clearTimeout(this.timeout);
        this.timeout = null;
        this.missed = document.hidden && Boolean(this.state.board);
        if (this.missed) {
            return; // nobody is looking
        }
        const estateId = this.state.estateId;
        try {
            const board = await this.orm.silent.call("property.service.wallboard", "get_board", [], { estate_id: estateId });
            if (estateId === this.state.estateId) {
                Object.assign(this.state, { board, stale: false, updatedAt: luxon.DateTime.now() });
            }
        } catch (error) {
            if (!this.state.board) {
                throw error;
            }
            this.state.stale = true; // the old figures stay, and say that they are old
        }
    }

    onEstateChange(ev) {
        this.state.estateId = Number(ev.target.value) || false;
        browser.localStorage.setItem(STORED_ESTATE, this.state.estateId || "");
        return this.look();
    }

    get updated() {
        return this.state.updatedAt.toFormat("HH:mm:ss");
    }

    /** {status, label} of a case at this moment. */
    remaining(item) {
        const minutes = (deserializeDateTime(item.deadline).toMillis() - this.clock.now) / 60_000;
        if (minutes < 0) {
            return { status: "breached", label: _t("%(time)s overdue", { time: formatMinutes(-minutes) }) };
        }
        const risky = item.risk_at && deserializeDateTime(item.risk_at).toMillis() <= this.clock.now;
        return { status: risky ? "at_risk" : "on_track", label: _t("%(time)s left", { time: formatMinutes(minutes) }) };
    }

    async openFigure(figure, kind) {
        const action = await this.orm.call("property.service.wallboard", "get_action", [], { kind, figure, estate_id: this.state.estateId });
        return this.action.doAction(action);
    }

    openCase(item) {
        return this.action.doAction({ type: "ir.actions.act_window", res_model: item.model, res_id: item.id, views: [[false, "form"]] });
    }

    toggleFullscreen() {
        return document.fullscreenElement ? document.exitFullscreen() : this.root.el.requestFullscreen();
    }
}

registry.category("actions").add("property_service.wallboard", Wallboard);
