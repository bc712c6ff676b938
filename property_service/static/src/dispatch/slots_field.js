import { formatDate, deserializeDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

const { DateTime } = luxon;

/** Free slots by day: one tap takes one over into the start and the end of the appointment. */
export class SlotsField extends Component {
    static template = "property_service.SlotsField";
    static props = {
        ...standardFieldProps,
        startField: { type: String, optional: true },
        endField: { type: String, optional: true },
    };
    static defaultProps = { startField: "start", endField: "end" };

    get days() {
        const days = new Map();
        for (const slot of this.props.record.data[this.props.name] || []) {
            const start = deserializeDateTime(slot.start);
            const end = deserializeDateTime(slot.end);
            const key = start.toISODate();
            if (!days.has(key)) {
                days.set(key, { key, label: `${start.toFormat("ccc")} ${formatDate(start)}`, slots: [] });
            }
            days.get(key).slots.push({
                ...slot,
                startTime: start,
                endTime: end,
                label: `${start.toLocaleString(DateTime.TIME_SIMPLE)} – ${end.toLocaleString(DateTime.TIME_SIMPLE)}`,
            });
        }
        return [...days.values()];
    }

    isChosen(slot) {
        const start = this.props.record.data[this.props.startField];
        return Boolean(start) && start.toMillis() === slot.startTime.toMillis();
    }

    onChoose(slot) {
        return this.props.record.update({
            [this.props.startField]: slot.startTime,
            [this.props.endField]: slot.endTime,
        });
    }
}

export const slotsField = {
    component: SlotsField,
    supportedTypes: ["json"],
    isEmpty: () => false,
    extractProps: ({ options }) => ({ startField: options.start_field, endField: options.end_field }),
};

registry.category("fields").add("property_service_slots", slotsField);
