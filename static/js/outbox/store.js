import { openDB } from 'idb';
import { pause } from '../net/backoff.js';

const NAME = 'outbox';
// In some browsers, opening the database never finishes. The page waits no longer than this.
const SLOWEST_OPEN = 3_000;

/**
 * The storage of the outbox: IndexedDB, which survives closing the page and the browser.
 *
 * When IndexedDB fails (a full disk, a private window, data cleared while the page is open), entries are kept in memory
 * and are lost with the page.
 */
export class Store {
  #db = Promise.race([openDB('sitethread', 1, { upgrade: (db) => db.createObjectStore(NAME, { keyPath: 'id' }) }), pause(SLOWEST_OPEN)]).catch(() => null);
  #memory = new MemoryStore();

  async all() {
    const stored = await this.#tried((db) => db.getAll(NAME));
    return [...(stored ?? []), ...(await this.#memory.all())];
  }

  /** Resolves false when the entry is in memory only. */
  async put(entry) {
    const isStored = Boolean(await this.#tried((db) => db.put(NAME, entry)));
    if (!isStored) await this.#memory.put(entry);
    return isStored;
  }

  async delete(id) {
    await this.#memory.delete(id);
    await this.#tried((db) => db.delete(NAME, id));
  }

  /** Replace an entry by `decide(entry)`, or delete it if that is null, in one transaction: two tabs can't change it at once. */
  async change(id, decide) {
    const made = await this.#tried((db) => changeStored(db, id, decide));
    return made ? made.entry : this.#memory.change(id, decide);
  }

  async #tried(run) {
    const db = await this.#db;
    try {
      return db ? await run(db) : null;
    } catch {
      return null;
    }
  }
}

async function changeStored(db, id, decide) {
  const transaction = db.transaction(NAME, 'readwrite');
  const entry = await transaction.store.get(id);
  if (!entry) return null;
  const changed = decide(entry);
  if (changed) await transaction.store.put(changed);
  else await transaction.store.delete(id);
  await transaction.done;
  return { entry: changed };
}

/** The same interface in memory; `change` resolves null when the entry does not exist. */
export class MemoryStore {
  #entries = new Map();

  async all() {
    return [...this.#entries.values()];
  }

  async put(entry) {
    this.#entries.set(entry.id, entry);
  }

  async delete(id) {
    this.#entries.delete(id);
  }

  async change(id, decide) {
    const entry = this.#entries.get(id);
    if (!entry) return null;
    const changed = decide(entry);
    if (changed) this.#entries.set(id, changed);
    else this.#entries.delete(id);
    return changed;
  }
}
