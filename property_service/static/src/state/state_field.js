import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { BadgeField, badgeField } from "@web/views/fields/badge/badge_field";
import { StatusBarField, statusBarField } from "@web/views/fields/statusbar/statusbar_field";

/**
 * The states of a request in the words of its kind: a question is answered, no work is finished. The view holds `kind`.
 *
 * @param {Object} record
 * @param {string} name field of the state
 * @returns {[string, string][]}
 */
function getStates(record, name) {
    const states = record.fields[name].selection;
    if (!record.data.kind || record.data.kind === "service") {
        return states;
    }
    const words = { done: _t("Answered"), accepted: _t("Answer accepted") };
    return states.map(([state, label]) => [state, words[state] || label]);
}

export class RequestStateBadge extends BadgeField {
    get formattedValue() {
        const { record, name } = this.props;
        return Object.fromEntries(getStates(record, name))[record.data[name]] || "";
    }
}

export class RequestStatusBar extends StatusBarField {
    get field() {
        const { record, name } = this.props;
        return { ...record.fields[name], selection: getStates(record, name) };
    }
}

registry.category("fields").add("property_service_state_badge", {
    ...badgeField,
    component: RequestStateBadge,
    additionalClasses: ["o_field_badge"],
});
registry.category("fields").add("property_service_statusbar", {
    ...statusBarField,
    component: RequestStatusBar,
    additionalClasses: ["o_field_statusbar"],
});
