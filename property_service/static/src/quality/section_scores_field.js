import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The score of each section of an inspection, as a bar. */
export class SectionScoresField extends Component {
    static template = "property_service.SectionScoresField";
    static props = { ...standardFieldProps };

    get sections() {
        return (this.props.record.data[this.props.name] || []).map(({ name, score }, index) => ({
            index,
            name,
            known: score !== null,
            score: score === null ? "–" : score.toFixed(1),
            width: `${score || 0}%`,
            color: score >= 80 ? "bg-success" : score >= 60 ? "bg-warning" : "bg-danger",
        }));
    }
}

registry.category("fields").add("property_service_section_scores", {
    component: SectionScoresField,
    supportedTypes: ["json"],
});
