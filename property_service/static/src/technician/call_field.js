import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

/** A phone number as a button as wide as the screen. */
export class CallField extends Component {
    static template = "property_service.CallField";
    static props = { ...standardFieldProps };

    get number() {
        return this.props.record.data[this.props.name] || "";
    }

    get href() {
        return `tel:${this.number.replace(/[^0-9+]/g, "")}`;
    }
}

registry.category("fields").add("property_service_call", { component: CallField, supportedTypes: ["char"] });
