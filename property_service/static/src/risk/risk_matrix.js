import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** The 5×5 matrix of likelihood and impact: how many risks lie where, without and with their measures; a cell lists its risks. */
export class RiskMatrix extends Component {
    static template = "property_service.RiskMatrix";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = { controlPanel: {} };
        this.state = useState({ phase: "after", kind: "", estate: 0, cell: null });
        onWillStart(async () => {
            this.data = await this.orm.call("property.service.risk", "get_matrix", []);
        });
    }

    get phases() {
        return [
            ["before", _t("Without Measures")],
            ["after", _t("With Measures")],
        ];
    }

    get estates() {
        const found = new Map(this.data.risks.filter((risk) => risk.estate).map((risk) => risk.estate));
        return [...found].sort((one, other) => one[1].localeCompare(other[1]));
    }

    get risks() {
        const { kind, estate } = this.state;
        return this.data.risks.filter(
            (risk) => (!kind || risk.kind === kind) && (!estate || (risk.estate && risk.estate[0] === estate))
        );
    }

    /** The risks of the chosen cell, or all of them, the greatest first. */
    get listed() {
        const { phase, cell } = this.state;
        return this.risks
            .filter((risk) => !cell || (risk[phase].likelihood === cell[0] && risk[phase].impact === cell[1]))
            .sort((one, other) => other[phase].score - one[phase].score || one.name.localeCompare(other.name));
    }

    /** The likeliest on top, the worst at the right. */
    get rows() {
        const counts = {};
        for (const risk of this.risks) {
            const { likelihood, impact } = risk[this.state.phase];
            counts[[likelihood, impact]] = (counts[[likelihood, impact]] || 0) + 1;
        }
        return [...this.data.likelihoods].reverse().map(([key, label]) => ({
            label,
            cells: this.data.impacts.map(([impact, impactLabel]) => {
                const place = [Number(key), Number(impact)];
                return {
                    place,
                    level: this.getLevel(place[0] * place[1]),
                    count: counts[place] || 0,
                    title: `${label} × ${impactLabel}: ${counts[place] || 0}`,
                    chosen: Boolean(this.state.cell) && String(this.state.cell) === String(place),
                };
            }),
        }));
    }

    getLevel(score) {
        return this.data.bands.find(([least]) => score >= least)[1];
    }

    getLabel(name, key) {
        return this.data[name].find(([value]) => value === key)?.[1];
    }

    choose(place) {
        const same = this.state.cell && String(this.state.cell) === String(place);
        this.state.cell = same ? null : place;
    }

    open(risk) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "property.service.risk",
            res_id: risk.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("property_service_risk_matrix", RiskMatrix);
