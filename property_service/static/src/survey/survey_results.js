import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** Width and height of the trend's drawing area, in units of the SVG. */
const TREND = { width: 600, height: 180, left: 36, top: 10 };

/** One rate as a bar from 0 to 100 with its interval, the target and the benchmark as lines. */
export class SurveyBar extends Component {
    static template = "property_service.SurveyBar";
    static props = {
        figure: Object,
        target: Number,
        benchmark: Number,
    };

    get color() {
        const { rate } = this.props.figure;
        if (rate >= this.props.target) {
            return "bg-success";
        }
        return rate < this.props.benchmark ? "bg-danger" : "bg-warning";
    }
}

/** What came out of a survey campaign: rates with their intervals, factors, gaps, heat map, trend and comparison. */
export class SurveyResults extends Component {
    static template = "property_service.SurveyResults";
    static components = { SurveyBar };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        const { params, context } = this.props.action;
        this.campaignId = params?.campaign_id || context?.active_id || false;
        this.state = useState({
            results: null,
            compare_id: false,
            weighted: false,
            estate_id: false,
            building_id: false,
            role: false,
            date_from: false,
            date_to: false,
        });
        onWillStart(async () => {
            if (!this.campaignId) {
                const domain = [["state", "!=", "draft"], ["kind", "=", "period"]];
                [this.campaignId] = await this.orm.search("property.service.survey.campaign", domain, { limit: 1 });
            }
            await this.load();
            const previous = this.state.results?.choices.previous_id;
            if (previous && this.state.results.choices.campaigns.some((campaign) => campaign.id === previous)) {
                await this.set("compare_id", previous);
            }
        });
    }

    async load() {
        if (!this.campaignId) {
            return;
        }
        const { results, ...options } = this.state;
        this.state.results = await this.orm.call("property.service.survey.campaign", "get_results", [[this.campaignId]], options);
    }

    async set(name, value) {
        this.state[name] = value;
        if (name === "estate_id") {
            this.state.building_id = false;
        }
        if (this.restricted) {
            // One criterion at a time and no part of the time: few people would be singled out, and the server refuses.
            this.state.date_from = this.state.date_to = false;
            if (name === "role" && value) {
                this.state.estate_id = this.state.building_id = false;
            } else if (this.state.estate_id || this.state.building_id) {
                this.state.role = false;
            }
        }
        await this.load();
    }

    onSelect(name, ev) {
        const { value } = ev.target;
        return this.set(name, /^\d+$/.test(value) ? Number(value) : value || false);
    }

    /** Whether one of the campaigns shown is anonymous. */
    get restricted() {
        const { campaign, choices } = this.state.results;
        return campaign.anonymous || choices.campaigns.some((other) => other.anonymous && other.id === this.state.compare_id);
    }

    get buildings() {
        const { buildings } = this.state.results.choices;
        return buildings.filter((building) => !this.state.estate_id || building.estate_id === this.state.estate_id);
    }

    /** Whether employees were asked: then teams stand in the place of buildings. */
    get isStaff() {
        return this.state.results.campaign.kind === "staff";
    }

    get hasGap() {
        return this.state.results.factors.some((factor) => factor.gap !== null && factor.gap !== undefined);
    }

    get breakdowns() {
        const { by_estate, by_building, by_role, by_period } = this.state.results;
        return [
            { key: "estate", title: _t("By Estate"), rows: by_estate },
            { key: "building", title: this.isStaff ? _t("By Team") : _t("By Building"), rows: by_building },
            { key: "role", title: _t("By Role"), rows: by_role },
            { key: "period", title: _t("By Month"), rows: by_period },
        ];
    }

    number(value, digits = 1) {
        return value === null || value === undefined || value === false ? "–" : formatFloat(value, { digits: [16, digits] });
    }

    signed(value, digits = 1) {
        return value === null || value === undefined ? "–" : (value > 0 ? "+" : "") + this.number(value, digits);
    }

    interval(figure) {
        return `${this.number(figure.low)} – ${this.number(figure.high)} %`;
    }

    /** From red (1) over yellow (3) to green (5), pale enough for dark text. */
    heatStyle(mean) {
        return mean === null ? "" : `background-color: hsl(${Math.round((mean - 1) * 30)}, 75%, 75%); color: #222;`;
    }

    get trend() {
        const points = this.state.results.trend;
        const step = points.length > 1 ? (TREND.width - 2 * TREND.left) / (points.length - 1) : 0;
        const y = (rate) => TREND.top + ((100 - rate) / 100) * TREND.height;
        const placed = points.map((point, index) => ({
            ...point,
            x: points.length > 1 ? TREND.left + index * step : TREND.width / 2,
            y: y(point.rate),
            top: y(point.high),
            bottom: y(point.low),
        }));
        const { target, benchmark } = this.state.results.campaign;
        return {
            ...TREND,
            points: placed,
            path: placed.map((point) => `${point.x},${point.y}`).join(" "),
            target: y(target),
            benchmark: benchmark ? y(benchmark) : null,
            bottom: TREND.top + TREND.height,
        };
    }

    async improve(measure) {
        const action = await this.orm.call("property.service.survey.campaign", "action_open_corrective", [[this.campaignId]], { measure });
        return this.action.doAction(action);
    }

    openCampaign() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "property.service.survey.campaign",
            res_id: this.campaignId,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("property_service_survey_results", SurveyResults);
