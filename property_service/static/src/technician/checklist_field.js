import { registry } from "@web/core/registry";
import { Mutex } from "@web/core/utils/concurrency";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

/** Steps of a job, ticked off with the thumb: the whole line is the button, and each tap is saved at once. */
export class ChecklistField extends Component {
    static template = "property_service.ChecklistField";
    static props = { ...standardFieldProps };

    setup() {
        // taps in quick succession wait for each other: none is lost
        this.mutex = new Mutex();
    }

    get steps() {
        return this.props.record.data[this.props.name].records;
    }

    onTap({ resId }) {
        return this.mutex.exec(async () => {
            // a save under way, of a photo for example, replaces the steps when it is answered
            await this.props.record.model.mutex.getUnlockedDef();
            const step = this.steps.find((each) => each.resId === resId);
            await step.update({ done: !step.data.done });
            await this.props.record.save();
        });
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
