import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component, useState } from "@odoo/owl";

/** Steps of a job, ticked off with the thumb: the whole line is the button, and each tap is saved at once. */
export class ChecklistField extends Component {
    static template = "property_service.ChecklistField";
    static props = { ...standardFieldProps };

    setup() {
        this.state = useState({ saving: false });
    }

    get steps() {
        return this.props.record.data[this.props.name].records;
    }

    get doneCount() {
        return this.steps.filter((step) => step.data.done).length;
    }

    async onTap(step) {
        if (this.props.readonly || this.state.saving) {
            return;
        }
        this.state.saving = true;
        try {
            await step.update({ done: !step.data.done });
            await this.props.record.save();
        } finally {
            this.state.saving = false;
        }
    }
}

export const checklistField = {
    component: ChecklistField,
    supportedTypes: ["one2many"],
    isEmpty: () => false,
    relatedFields: [
        { name: "name", type: "char", readonly: true },
        { name: "required", type: "boolean", readonly: true },
        { name: "done", type: "boolean", readonly: false },
    ],
};

registry.category("fields").add("property_service_checklist", checklistField);
