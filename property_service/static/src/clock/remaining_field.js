import { Component, onMounted, onWillUnmount, reactive, useState } from "@odoo/owl";
import { formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const TICK = 20_000;

/** One clock for all fields on the page: a list of 80 deadlines has one timer, and none when it is left. */
export const clock = reactive({ now: Date.now() });
let watchers = 0;
let timer = null;

export function watch() {
    clock.now = Date.now();
    if (!watchers++) {
        timer = setInterval(() => (clock.now = Date.now()), TICK);
    }
}

export function unwatch() {
    if (!--watchers) {
        clearInterval(timer);
    }
}

/**
 * Minutes as people say them: the two largest units.
 * @param {number} minutes not negative
 */
export function formatMinutes(minutes) {
    const days = Math.floor(minutes / 1440);
    const hours = Math.floor((minutes % 1440) / 60);
    const rest = Math.floor(minutes % 60);
    if (days) {
        return _t("%(days)s d %(hours)s h", { days, hours });
    }
    return hours ? _t("%(hours)s h %(minutes)s min", { hours, minutes: rest }) : _t("%(minutes)s min", { minutes: rest });
}

/**
 * The time left until the next deadline, counting down with colour. Placed on `sla_next_deadline`, it needs only stored
 * columns: the status is worked out here as the server does.
 */
export class RemainingField extends Component {
    static template = "property_service.RemainingField";
    static props = { ...standardFieldProps };

    setup() {
        this.clock = useState(clock);
        onMounted(watch);
        onWillUnmount(unwatch);
    }

    /** {status, label, icon, title} of the case at this moment; null without a deadline. */
    get state() {
        const data = this.props.record.data;
        const deadline = data[this.props.name];
        if (deadline) {
            const minutes = (deadline.toMillis() - this.clock.now) / 60_000;
            const title = _t("Due %(deadline)s", { deadline: formatDateTime(deadline, { showSeconds: false }) });
            if (minutes < 0) {
                return { status: "breached", icon: "fa-exclamation-circle", title, label: _t("%(time)s overdue", { time: formatMinutes(-minutes) }) };
            }
            const risky = data.sla_risk_at && data.sla_risk_at.toMillis() <= this.clock.now;
            return { status: risky ? "at_risk" : "on_track", icon: "fa-clock-o", title, label: _t("%(time)s left", { time: formatMinutes(minutes) }) };
        }
        if (data.sla_result) {
            const met = data.sla_result === "met";
            return { status: data.sla_result, icon: met ? "fa-check" : "fa-times", title: _t("Deadlines"), label: met ? _t("In Time") : _t("Too Late") };
        }
        if (data.resolution_remaining) {
            const time = formatMinutes(data.resolution_remaining / 60);
            return { status: "paused", icon: "fa-pause", title: _t("The clock is paused"), label: _t("Paused, %(time)s left", { time }) };
        }
        return null;
    }

    get className() {
        return {
            breached: "text-danger fw-bold", at_risk: "text-warning-emphasis fw-bold", on_track: "text-success",
            met: "text-success", missed: "text-danger", paused: "text-info",
        }[this.state.status];
    }
}

registry.category("fields").add("property_service_remaining", {
    component: RemainingField,
    displayName: _t("Remaining Time"),
    supportedTypes: ["datetime"],
    fieldDependencies: [
        { name: "sla_risk_at", type: "datetime", readonly: true },
        { name: "sla_result", type: "selection", readonly: true },
        { name: "resolution_remaining", type: "integer", readonly: true },
    ],
});
