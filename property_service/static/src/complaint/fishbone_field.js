import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * Fishbone (Ishikawa) of a selection field: one branch per value, the chosen one stands out. A click or Enter chooses a branch.
 */
export class FishboneField extends Component {
    static template = "property_service.FishboneField";
    static props = { ...standardFieldProps };

    get branches() {
        const options = this.props.record.fields[this.props.name].selection.filter(([value]) => value);
        return options.map(([value, label], index) => {
            const top = index % 2 === 0;
            const column = Math.floor(index / 2);
            const foot = 190 + column * 150;
            return {
                value,
                label,
                top,
                chosen: this.props.record.data[this.props.name] === value,
                line: { x1: foot - 60, y1: top ? 32 : 148, x2: foot, y2: 90 },
                text: { x: foot - 66, y: top ? 22 : 168 },
            };
        });
    }

    choose(value) {
        if (!this.props.readonly) {
            const current = this.props.record.data[this.props.name];
            this.props.record.update({ [this.props.name]: current === value ? false : value });
        }
    }

    onKeydown(ev, value) {
        if (ev.key === "Enter" || ev.key === " ") {
            ev.preventDefault();
            this.choose(value);
        }
    }
}

registry.category("fields").add("property_service_fishbone", {
    component: FishboneField,
    supportedTypes: ["selection"],
});
