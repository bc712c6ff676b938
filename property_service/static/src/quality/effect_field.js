import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const BAR = 26;
const GAP = 6;
const HEIGHT = 70;
const VERDICTS = {
    improved: ["text-bg-success", _t("Improved")],
    unchanged: ["text-bg-warning", _t("Unchanged")],
    worse: ["text-bg-danger", _t("Worse")],
    no_data: ["text-bg-secondary", _t("No Data")],
};

/** The figure of a corrective action before and after, with a bar per week: see _measure_effect() for the shape of the value. */
export class EffectField extends Component {
    static template = "property_service.EffectField";
    static props = { ...standardFieldProps };

    get facts() {
        return this.props.record.data[this.props.name];
    }

    get label() {
        const options = this.props.record.fields.measure?.selection || [];
        return options.find(([key]) => key === this.facts.measure)?.[1] || this.facts.measure;
    }

    get verdict() {
        const found = VERDICTS[this.facts.verdict];
        return found && { color: found[0], text: found[1] };
    }

    get progress() {
        return _t("Day %(day)s of %(days)s", { day: this.facts.elapsed, days: this.facts.days });
    }

    get windows() {
        const { before, after } = this.facts;
        const top = Math.max(1, ...[before, after].flatMap((side) => side?.bars || []).map((value) => value || 0));
        return [
            { key: "before", title: _t("Before"), side: before },
            { key: "after", title: _t("After"), side: after },
        ].map(({ key, title, side }) => ({
            key,
            title,
            text: this.format(side),
            detail: side && this.facts.share ? `${side.numerator} / ${side.denominator}` : "",
            width: Math.max(1, side?.bars.length || 0) * (BAR + GAP),
            bars: (side?.bars || []).map((value, index) => {
                const height = Math.max(1, ((value || 0) / top) * HEIGHT);
                return {
                    index,
                    x: index * (BAR + GAP),
                    y: HEIGHT - height + 14,
                    height,
                    middle: index * (BAR + GAP) + BAR / 2,
                    text: value === null ? "–" : `${value}`,
                };
            }),
        }));
    }

    format(side) {
        if (!side || side.value === null) {
            return "–";
        }
        return this.facts.share ? `${side.value} %` : `${side.value}`;
    }
}

registry.category("fields").add("property_service_effect", {
    component: EffectField,
    supportedTypes: ["json"],
});
