import { onWillStart } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { GraphRenderer } from "@web/views/graph/graph_renderer";
import { graphView } from "@web/views/graph/graph_view";

const COLOR = "#dc3545";

/** A chart that shows how far the measure is from its target: a dashed line where the company has set one. */
export class TargetGraphRenderer extends GraphRenderer {
    setup() {
        super.setup();
        this.orm = useService("orm");
        this.targets = {};
        onWillStart(async () => {
            this.targets = await this.orm.call(this.model.metaData.resModel, "get_targets", []);
        });
    }

    /** Lines and bars get the target as one more dataset; it is no part of the model, which knows nothing of it. */
    getChartConfig() {
        const config = super.getChartConfig();
        const { measure, mode } = this.model.metaData;
        const target = this.targets[measure];
        if (target && mode !== "pie") {
            const line = {
                type: "line",
                label: _t("Target: %(time)s h", { time: Number(target.toFixed(2)) }),
                data: config.data.labels.map(() => target),
                borderColor: COLOR,
                backgroundColor: COLOR,
                borderDash: [6, 4],
                borderWidth: 2,
                fill: false,
                order: -2,
                pointRadius: 0,
                pointHitRadius: 0,
                pointHoverRadius: 0,
                stack: "target",
            };
            config.data = { ...config.data, datasets: [...config.data.datasets, line] };
        }
        return config;
    }

    getTooltipOptions() {
        return { ...super.getTooltipOptions(), filter: (item) => item.dataset.stack !== "target" };
    }
}

registry.category("views").add("property_service_target_graph", { ...graphView, Renderer: TargetGraphRenderer });
