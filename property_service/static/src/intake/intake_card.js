import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Component, useState } from "@odoo/owl";

/**
 * What an agent wants to see while somebody is on the phone: the resident, the units, what is owed, and the cases that may
 * be the same matter, each of which the caller can join. One call to the server per choice of resident or unit.
 */
export class IntakeCard extends Component {
    static template = "property_service.IntakeCard";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({ card: null, key: "" });
        useRecordObserver((record) => this.load(record));
    }

    get partnerId() {
        return this.props.record.data.partner_id?.id || false;
    }

    get unitId() {
        return this.props.record.data.unit_id?.id || false;
    }

    get hasJoinable() {
        return this.state.card.cases.some((each) => each.joinable);
    }

    async load(record) {
        const { partner_id: partner, unit_id: unit } = record.data;
        const key = `${partner?.id || 0}-${unit?.id || 0}`;
        if (key === this.state.key) {
            return;
        }
        this.state.key = key;
        if (!partner && !unit) {
            this.state.card = null;
            return;
        }
        this.state.card = await this.keepLast.add(
            this.orm.call("property.service.request", "get_intake_card", [], {
                partner_id: partner?.id || null,
                unit_id: unit?.id || null,
                request_id: record.resId || null,
            })
        );
    }

    // ---- HANDLERS ----

    onUnitClicked(unit) {
        this.props.record.update({ unit_id: { id: unit.id, display_name: unit.name } });
    }

    onResidentClicked(resident) {
        this.props.record.update({ partner_id: { id: resident.id, display_name: resident.name } });
    }

    onCaseClicked(each) {
        this.action.doAction(
            { type: "ir.actions.act_window", res_model: "property.service.request", res_id: each.id, views: [[false, "form"]], target: "new" }
        );
    }

    async onJoinClicked(each) {
        const { record } = this.props;
        const { title, type_id: type } = record.data;
        if (!type && each.type_id) {
            await record.update({ type_id: { id: each.type_id, display_name: each.type } });
        }
        if (!title) {
            await record.update({ title: each.title });
        }
        if (!(await record.save())) {
            return;
        }
        const action = await this.orm.call("property.service.request", "action_join", [[record.resId]], { master_id: each.id });
        await this.action.doAction(action);
    }
}

export const intakeCard = {
    component: IntakeCard,
    fieldDependencies: [
        { name: "partner_id", type: "many2one" },
        { name: "unit_id", type: "many2one" },
        { name: "title", type: "char" },
    ],
};

registry.category("view_widgets").add("property_service_intake_card", intakeCard);
