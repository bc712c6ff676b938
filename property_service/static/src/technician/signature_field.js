/* global SignaturePad */
import { loadJS } from "@web/core/assets";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component, onMounted, onWillStart, onWillUnmount, useRef, useState } from "@odoo/owl";

/**
 * A pad to sign on with the finger, there at once. Unlike the client's own signature field it takes neither a typed name nor a
 * file: what counts as acceptance is drawn by somebody standing there.
 */
export class SignatureField extends Component {
    static template = "property_service.SignatureField";
    static props = { ...standardFieldProps };

    setup() {
        this.canvas = useRef("canvas");
        this.state = useState({ empty: true });
        onWillStart(() => loadJS("/web/static/lib/signature_pad/signature_pad.umd.js"));
        onMounted(() => {
            this.pad = new SignaturePad(this.canvas.el, {
                penColor: "#00008b",
                backgroundColor: "rgb(255, 255, 255)",
                minWidth: 1.5,
                maxWidth: 3,
            });
            this.pad.addEventListener("endStroke", () => this.save());
            this.observer = new ResizeObserver(() => this.fit());
            this.observer.observe(this.canvas.el);
        });
        onWillUnmount(() => {
            this.observer.disconnect();
            this.pad.off();
        });
    }

    /** The canvas has as many dots as the screen, also after the phone was turned: what was drawn is kept. */
    fit() {
        const canvas = this.canvas.el;
        const ratio = Math.max(window.devicePixelRatio || 1, 1);
        const width = Math.round(canvas.offsetWidth * ratio);
        const height = Math.round(canvas.offsetHeight * ratio);
        if (!width || !height || (canvas.width === width && canvas.height === height)) {
            return;
        }
        const strokes = this.pad.toData();
        canvas.width = width;
        canvas.height = height;
        canvas.getContext("2d").scale(ratio, ratio);
        this.pad.clear();
        if (strokes.length) {
            this.pad.fromData(strokes);
        }
    }

    async save() {
        this.state.empty = this.pad.isEmpty();
        const image = this.state.empty ? false : this.pad.toDataURL("image/png").split(",")[1];
        await this.props.record.update({ [this.props.name]: image });
    }

    onClear() {
        this.pad.clear();
        return this.save();
    }
}

export const signatureField = {
    component: SignatureField,
    supportedTypes: ["binary"],
    isEmpty: () => false,
};

registry.category("fields").add("property_service_signature", signatureField);
