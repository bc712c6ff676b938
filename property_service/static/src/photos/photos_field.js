import { _t } from "@web/core/l10n/translation";
import { FileInput } from "@web/core/file_input/file_input";
import { FileModel } from "@web/core/file_viewer/file_model";
import { useFileViewer } from "@web/core/file_viewer/file_viewer_hook";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useFileUploader } from "@web/core/utils/files";
import { useX2ManyCrud } from "@web/views/fields/relational_utils";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component, onMounted, onWillUnmount, status, toRaw, useEffect, useExternalListener, useRef, useState } from "@odoo/owl";

/** Photo fields on the screen, the one last pointed at first: a pasted picture goes to that one. */
const fieldsOnScreen = [];

/**
 * Photos and files of a record: taken with the phone's camera, dropped, chosen, or pasted from the clipboard anywhere in
 * the form. A click opens them large.
 */
export class PhotosField extends Component {
    static template = "property_service.PhotosField";
    static components = { FileInput };
    static props = {
        ...standardFieldProps,
        acceptedFileExtensions: { type: String, optional: true },
    };
    static defaultProps = { acceptedFileExtensions: "*" };

    setup() {
        this.notification = useService("notification");
        this.uploadFiles = useFileUploader();
        this.fileViewer = useFileViewer();
        this.root = useRef("root");
        this.state = useState({ uploading: 0, dragging: false });
        this.operations = useX2ManyCrud(() => this.record.data[this.props.name], true);
        /** Ids of files added here that are not saved yet. */
        this.added = new Set();
        useEffect(
            (list, resId) => void this.onListChanged(list, resId),
            () => [toRaw(this.list), this.props.record.resId, this.list.currentIds.length]
        );
        // Before the text fields see it: a picture on the clipboard would be dropped by them.
        useExternalListener(document, "paste", this.onPaste, { capture: true });
        onMounted(() => fieldsOnScreen.push(this));
        onWillUnmount(() => fieldsOnScreen.splice(fieldsOnScreen.indexOf(this), 1));
    }

    get list() {
        return this.props.record.data[this.props.name];
    }

    /** The record on the screen. A form that reloads has a new one, of which a field that is off the screen is not told. */
    get record() {
        const { record } = this.props;
        const { root } = record.model;
        const isReplaced =
            status(this) === "destroyed" && record.resId && root.resModel === record.resModel && root.resId === record.resId;
        return isReplaced ? root : record;
    }

    get files() {
        return this.list.records.map((record) => ({
            ...record.data,
            id: record.resId,
        }));
    }

    get isPasteTarget() {
        const dialogs = [...document.querySelectorAll(".o_dialog")];
        const surroundings = dialogs.length ? dialogs[dialogs.length - 1] : document.body;
        const candidates = fieldsOnScreen.filter(
            (field) => !field.props.readonly && field.root.el && surroundings.contains(field.root.el)
        );
        return candidates[0] === this;
    }

    isImage(file) {
        return (file.mimetype || "").startsWith("image/");
    }

    getExtension(file) {
        return file.name.includes(".") ? file.name.split(".").pop() : "";
    }

    getRemoveLabel(file) {
        return _t("Remove %(name)s", { name: file.name });
    }

    /** @param {File[]} files */
    async upload(files) {
        this.state.uploading += files.length;
        try {
            const uploaded = await this.uploadFiles("/web/binary/upload_attachment", {
                csrf_token: odoo.csrf_token,
                ufile: files,
                model: this.props.record.resModel,
                id: this.props.record.resId || 0,
            });
            await this.onFilesUploaded(uploaded || []);
        } finally {
            this.state.uploading -= files.length;
        }
    }

    // ---- HANDLERS ----

    onPointerEnter() {
        fieldsOnScreen.splice(fieldsOnScreen.indexOf(this), 1);
        fieldsOnScreen.unshift(this);
    }

    onPaste(ev) {
        const files = [...(ev.clipboardData?.files || [])];
        // the chatter's composer takes in pasted files by itself
        if (!files.length || ev.target.closest?.(".o-mail-Composer") || !this.isPasteTarget) {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
        this.upload(files);
    }

    onDrop(ev) {
        this.state.dragging = false;
        this.upload([...ev.dataTransfer.files]);
    }

    onFileClicked(file) {
        const models = this.files.map(({ id, name, mimetype }) =>
            Object.assign(new FileModel(), { id, name, mimetype, type: "binary" })
        );
        const clicked = models.find((each) => each.id === file.id);
        if (clicked.isViewable) {
            const viewable = models.filter((each) => each.isViewable);
            this.fileViewer.open(clicked, viewable);
        } else {
            window.open(clicked.downloadUrl);
        }
    }

    async onFilesUploaded(files) {
        for (const file of files) {
            if (file.error) {
                this.notification.add(file.error, { title: _t("The file could not be uploaded"), type: "danger" });
            } else {
                // A save under way replaces the list when it is answered: a file added before would be lost.
                await this.props.record.model.mutex.getUnlockedDef();
                await this.link([file.id]);
            }
        }
    }

    async link(ids) {
        await this.operations.saveRecord(ids);
        ids.forEach((id) => this.added.add(id));
    }

    /**
     * Between a button's call and the reload that follows it, the form may be used: the reload brings a new list, and what was
     * added to the old one meanwhile is put into it again.
     */
    async onListChanged(list, resId) {
        const isOther = resId !== this.shownId;
        const isReloaded = list !== this.shownList;
        this.shownId = resId;
        this.shownList = list;
        const missing = [...this.added].filter((id) => !list.currentIds.includes(id));
        if (isOther || isReloaded) {
            this.added.clear();
        } else {
            missing.forEach((id) => this.added.delete(id)); // removed or discarded
        }
        if (isOther || !isReloaded || !missing.length) {
            return;
        }
        if (this.props.readonly) {
            this.notification.add(_t("The form was closed for changes before the file was saved."), {
                title: _t("The file was not kept"),
                type: "danger",
            });
        } else {
            await this.link(missing);
        }
    }

    async onRemove(file) {
        await this.props.record.model.mutex.getUnlockedDef();
        await this.operations.removeRecord(this.list.records.find((each) => each.resId === file.id));
    }
}

export const photosField = {
    component: PhotosField,
    displayName: _t("Photos"),
    supportedTypes: ["many2many"],
    supportedOptions: [{ label: _t("Accepted file extensions"), name: "accepted_file_extensions", type: "string" }],
    isEmpty: () => false,
    relatedFields: [
        { name: "name", type: "char" },
        { name: "mimetype", type: "char" },
    ],
    extractProps: ({ options }) => ({ acceptedFileExtensions: options.accepted_file_extensions }),
};

registry.category("fields").add("property_service_photos", photosField);
