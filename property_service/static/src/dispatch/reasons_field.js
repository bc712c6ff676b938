import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

const lines = (text) => (text || "").split("\n").filter(Boolean);

/** Why somebody is proposed: the warnings first, then the reasons, each as a badge. */
export class ReasonsField extends Component {
    static template = "property_service.ReasonsField";
    static props = { ...standardFieldProps };

    get warnings() {
        return lines(this.props.record.data.warnings);
    }

    get reasons() {
        return lines(this.props.record.data[this.props.name]);
    }
}

registry.category("fields").add("property_service_reasons", {
    component: ReasonsField,
    supportedTypes: ["text"],
    fieldDependencies: [{ name: "warnings", type: "text" }],
    isEmpty: () => false,
});
