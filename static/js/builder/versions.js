import { listAll, request } from '../net/api.js';
import { find } from '../ui/dom.js';
import { toast, toastError } from '../ui/toasts.js';
import { sharePage } from './share-page-dialog.js';
import { UndoButtons } from './undo-buttons.js';
import { VersionBar } from './version-bar.js';
import { VersionList } from './version-list.js';

/** The versions of the page, newest first, and which one the preview shows: where the conversation stands, until another one is chosen. Emits `change`. */
export class Versions extends EventTarget {
  rows = [];
  shownId = null;
  standingId = null;
  isLoaded = false;
  #read = null;
  #button = find('#versions-button');
  #label = find('#versions-label');
  #list;
  #bar;
  #undo;

  /** `on` has `standing` (the id of the version where the conversation stands, of these rows; gets that of before), `whenIdle` and `showInChat`. */
  constructor(websiteId, preview, on) {
    super();
    this.websiteId = websiteId;
    this.preview = preview;
    this.on = on;
    const actions = { show: (id) => this.show(id, { isAsked: true }), restore: (id) => this.restore(id), compare: (older, newer) => this.#compare(older, newer), showInChat: on.showInChat };
    this.#list = new VersionList(actions);
    this.#bar = new VersionBar(actions);
    this.#undo = new UndoButtons((version, word) => on.whenIdle(() => this.restore(version.id, word)));
    find('#share-page').addEventListener('click', () => sharePage(this.websiteId, this.find(this.shownId)));
  }

  /** Whether the newest version is shown: only that one is changed by hand. */
  get isNewestShown() {
    return this.shownId === this.rows[0]?.id;
  }

  find(id) {
    return this.rows.find((row) => row.id === id) ?? null;
  }

  /** The version that one was made from, else the one before it; null when there is neither. */
  olderThan(id) {
    const at = this.rows.findIndex((row) => row.id === id);
    return at === -1 ? null : (this.find(this.rows[at].base_version_id) ?? this.rows[at + 1])?.id ?? null;
  }

  /** Show what changed from a version's base to it. */
  compareWithBase(id) {
    const base = this.olderThan(id);
    if (base) this.#compare(base, id);
  }

  /** A version with its files; the last one that was asked for is kept. */
  read(id) {
    if (this.#read?.id !== id) {
      const version = request('GET', `/api/versions/${id}`).then(({ version: found }) => found);
      this.#read = { id, version };
      version.catch(() => { this.#read = null; });
    }
    return this.#read.version;
  }

  /** The texts of a version by path. */
  async filesOf(id) {
    return (await this.read(id)).files;
  }

  async load() {
    this.rows = await listAll(`/api/websites/${this.websiteId}/versions`, 'versions');
    this.isLoaded = true;
    if (!this.#follow()) this.#draw();
  }

  /** Show where the conversation stands now, if that is another version than before. */
  conversationChanged() {
    if (this.isLoaded) this.#follow();
  }

  /** Show a version; where somebody asked for it, also one that is shown already and whose frame has died. */
  show(id, { isAsked = false } = {}) {
    this.shownId = id;
    if (isAsked) this.preview.revive(id);
    else this.preview.show(id);
    this.#draw();
  }

  /** Another page of the shown version is shown. */
  pageChanged() {
    this.dispatchEvent(new Event('change'));
  }

  /** Take a version that was just made by hand, and show it. */
  add(version, { isShown = true } = {}) {
    this.rows.unshift(version);
    if (!isShown) return;
    this.standingId = this.on.standing(this.rows, this.standingId);
    this.show(version.id);
  }

  async restore(id, word = 'restore') {
    try {
      const { version } = await request('POST', `/api/versions/${id}/restore`, {});
      this.add(version);
      this.#list.close();
      toast(word === 'restore' ? `Restored as version ${version.number}` : `${word === 'undo' ? 'Undone' : 'Redone'}: version ${version.number} is version ${this.find(id).number} again`);
    } catch (error) {
      toastError(error);
    }
  }

  #follow() {
    const standing = this.on.standing(this.rows, this.standingId);
    const isKnown = this.shownId === null || this.shownId === standing || this.find(this.shownId);
    if (standing === this.standingId && isKnown) return false;
    this.standingId = standing;
    this.show(standing);
    return true;
  }

  #draw() {
    const shown = this.find(this.shownId);
    const latest = this.rows[0] ?? null;
    this.#button.disabled = !latest;
    // One that was made just now is not in the list yet.
    if (shown || !this.shownId) this.#label.textContent = shown ? `Version ${shown.number}` : 'No page yet';
    for (const link of [find('#download'), find('#open-page'), find('#share-page')]) link.hidden = !shown;
    if (shown) find('#download').href = `/api/versions/${shown.id}/download`;
    if (shown || !this.shownId) this.#bar.draw(shown, this.find(this.standingId), this.rows);
    this.#undo.update(this.rows, shown === latest && this.standingId === this.shownId);
    this.#list.draw(this.rows, shown);
    this.preview.versionsChanged();
    this.dispatchEvent(new Event('change'));
  }

  async #compare(olderId, newerId) {
    try {
      const { compareVersions } = await import('../versions/comparison.js');
      await compareVersions(this.find(olderId), this.find(newerId));
    } catch (error) {
      toastError(error);
    }
  }
}
