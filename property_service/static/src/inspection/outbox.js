import { browser } from "@web/core/browser/browser";

const DATABASE = "property_service_inspection";
const STORE = "outbox";

function settle(request) {
    return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
}

/**
 * What was entered and has no receipt yet, kept in the browser's own database: it outlives a lost connection, a closed
 * page and a phone switched off. Where the browser has none, it is kept as long as the page is open.
 *
 * An entry is `{ page, key, stamp, ... }`: of one key only the last one is kept.
 */
export class Outbox {
    constructor(page) {
        this.page = page;
        this.memory = new Map();
        this.lastStamp = 0;
    }

    async open() {
        try {
            const request = window.indexedDB.open(DATABASE, 1);
            request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: ["page", "key"] });
            this.database = await settle(request);
        } catch {
            this.database = null;
        }
        // The browser is asked not to clear it when it runs short of space.
        browser.navigator.storage?.persist?.().catch(() => {});
    }

    /** Whether everything outlives the page. */
    get isDurable() {
        return Boolean(this.database) && !this.memory.size;
    }

    store(mode) {
        return this.database.transaction(STORE, mode).objectStore(STORE);
    }

    /** All entries of the page, the earliest first. */
    async all() {
        const kept = this.database
            ? await settle(this.store("readonly").getAll(IDBKeyRange.bound([this.page, ""], [this.page, "\uffff"])))
            : [];
        const entries = [...kept.filter((entry) => !this.memory.has(entry.key)), ...this.memory.values()];
        return entries.sort((one, other) => one.stamp - other.stamp);
    }

    async put(entry) {
        // later than every other one, also within a millisecond
        this.lastStamp = Math.max(Date.now(), this.lastStamp + 0.01);
        const kept = { ...entry, page: this.page, stamp: this.lastStamp };
        try {
            await settle(this.store("readwrite").put(kept));
            this.memory.delete(kept.key);
        } catch {
            this.memory.set(kept.key, kept); // there is no database, or no space left for it
        }
        return kept;
    }

    /** Take an entry out, unless something newer has taken its place meanwhile. */
    async remove(entry) {
        const unkept = this.memory.get(entry.key);
        if (unkept && unkept.stamp !== entry.stamp) {
            return;
        }
        this.memory.delete(entry.key);
        if (!this.database) {
            return;
        }
        const store = this.store("readwrite");
        const current = await settle(store.get([this.page, entry.key]));
        if (current && current.stamp <= entry.stamp) {
            await settle(store.delete([this.page, entry.key]));
        }
    }
}

/** A key that no other phone makes; crypto.randomUUID would need https. */
export function makeKey() {
    return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
