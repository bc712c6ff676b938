import { registry } from "@web/core/registry";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";

/** The technician's jobs, with the switch "Today / All" where the thumb is instead of behind the search. */
export class MyJobsKanbanRenderer extends KanbanRenderer {
    static template = "property_service.MyJobsKanbanRenderer";

    get todayItem() {
        return Object.values(this.env.searchModel.searchItems).find((item) => item.name === "today");
    }

    get isToday() {
        return this.env.searchModel.query.some((query) => query.searchItemId === this.todayItem?.id);
    }

    onShowToday(today) {
        if (this.todayItem && today !== this.isToday) {
            this.env.searchModel.toggleSearchItem(this.todayItem.id);
        }
    }
}

export const myJobsKanbanView = {
    ...kanbanView,
    Renderer: MyJobsKanbanRenderer,
};

registry.category("views").add("property_service_my_jobs", myJobsKanbanView);
