import { registry } from "@web/core/registry";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";

/** List of requests whose "New" opens the intake form, as that of the board does. */
export class RequestListController extends ListController {
    async createRecord() {
        await this.actionService.doAction("property_service.request_intake_action", {
            additionalContext: this.model.root.context,
        });
    }
}

registry.category("views").add("property_service_request_list", { ...listView, Controller: RequestListController });
