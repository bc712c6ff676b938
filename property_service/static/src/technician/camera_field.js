import { registry } from "@web/core/registry";
import { useRef } from "@odoo/owl";
import { PhotosField, photosField } from "../photos/photos_field";

/** Photos of a job: one tap opens the camera of the phone, another the photos already taken; each is saved at once. */
export class CameraField extends PhotosField {
    static template = "property_service.CameraField";

    setup() {
        super.setup();
        this.camera = useRef("camera");
        this.gallery = useRef("gallery");
    }

    async onPicked(ev) {
        const files = [...ev.target.files];
        // the same photo may be picked again
        ev.target.value = "";
        if (files.length) {
            await this.upload(files);
        }
    }

    async onFilesUploaded(files) {
        await super.onFilesUploaded(files);
        try {
            await this.props.record.save();
        } catch (error) {
            // Refused by the server: without it the job can be saved again.
            for (const file of files.filter((each) => !each.error)) {
                await super.onRemove(file);
            }
            throw error;
        }
    }

    async onRemove(file) {
        await super.onRemove(file);
        await this.props.record.save();
    }
}

export const cameraField = { ...photosField, component: CameraField };

registry.category("fields").add("property_service_camera", cameraField);
