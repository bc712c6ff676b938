import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";

/** Columns into which a card comes by a step of the workflow, never by writing the field. */
const WORKFLOW_FIELDS = ["state", "employee_id"];

/**
 * Board of requests. A card drawn into another state or to another worker takes the step that the button would take: the
 * server's table decides, and a small dialog asks for what the step needs (a reason, an appointment …).
 */
export class RequestKanbanRenderer extends KanbanRenderer {
    setup() {
        super.setup();
        this.action = useService("action");
    }

    get isWorkflowBoard() {
        return WORKFLOW_FIELDS.includes(this.props.list.groupByField?.name);
    }

    get canMoveRecords() {
        return this.isWorkflowBoard ? this.canResequenceRecords : super.canMoveRecords;
    }

    async sortRecordDrop(dataRecordId, dataGroupId, { element, parent, previous }) {
        const { list } = this.props;
        if (!this.isWorkflowBoard || !parent?.classList.contains("o_kanban_hover")) {
            return super.sortRecordDrop(...arguments);
        }
        parent.classList.remove("o_kanban_hover");
        const record = list.records.find((each) => each.id === dataRecordId);
        const group = list.groups.find((each) => each.id === parent.dataset.id);
        if (!record || !group || group.id === dataGroupId) {
            return;
        }
        this.toggleProcessing(dataRecordId, true);
        const reload = () => list.model.load();
        try {
            // as a button does: the answer may be a window to open
            const action = await rpc("/web/dataset/call_button/property.service.request.action_move", {
                model: "property.service.request",
                method: "action_move",
                args: [[record.resId], list.groupByField.name, group.value],
                kwargs: { context: list.context },
            });
            if (action?.type) {
                await this.action.doAction(action, { onClose: reload });
            } else {
                await reload();
            }
        } finally {
            this.toggleProcessing(dataRecordId, false);
        }
    }
}

export const requestKanbanView = {
    ...kanbanView,
    Renderer: RequestKanbanRenderer,
};

registry.category("views").add("property_service_request_kanban", requestKanbanView);
