import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Component, useState } from "@odoo/owl";

/**
 * Bills in words: what an agent reads out on the phone. Stands on the form of a request, a resident or a unit; on a fee query
 * a click on a bill says that the question is about it.
 */
export class FeeCard extends Component {
    static template = "property_service.FeeCard";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({ card: null, key: "" });
        useRecordObserver((record) => this.load(record));
    }

    get isQuery() {
        const { resModel, data } = this.props.record;
        return resModel === "property.service.request" && data.kind === "fee_query" && !data.is_closed;
    }

    get billTitle() {
        return _t("Click: the question is about this bill");
    }

    getArguments(record) {
        const { resModel, resId, data } = record;
        if (resModel === "res.partner") {
            return { partner_id: resId || false };
        }
        if (resModel === "property.service.unit") {
            return { unit_id: resId || false };
        }
        return {
            partner_id: data.partner_id?.id || false,
            unit_id: data.unit_id?.id || false,
            request_id: resId || false,
        };
    }

    async load(record, force = false) {
        const kwargs = this.getArguments(record);
        const key = JSON.stringify(kwargs);
        if (key === this.state.key && !force) {
            return;
        }
        this.state.key = key;
        if (!kwargs.partner_id && !kwargs.unit_id) {
            this.state.card = null;
            return;
        }
        this.state.card = await this.keepLast.add(
            this.orm.call("property.service.request", "get_fee_card", [], kwargs)
        );
    }

    async onBillClicked(bill) {
        const { record } = this.props;
        if (!this.isQuery || !(await record.save())) {
            return;
        }
        await this.orm.call(record.resModel, "action_link_bill", [[record.resId]], { move_id: bill.id });
        await record.load();
        await this.load(record, true);
    }
}

registry.category("view_widgets").add("property_service_fee_card", {
    component: FeeCard,
    fieldDependencies: [],
});
