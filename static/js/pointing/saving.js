import { request } from '../net/api.js';

const MAY_FIT_ELSEWHERE = new Set(['edit_conflict', 'edit_not_found']);

/** Saves changes as versions, one at a time; what can't be saved is kept, and shown by the panel, until it is saved or given up. */
export class Saving {
  #failed = null;
  #last = null;
  isBusy = false;

  constructor(websiteId, versions, panel) {
    Object.assign(this, { websiteId, versions, panel });
  }

  /** Typed text that could not be saved, null for none. */
  get unsaved() {
    return this.#failed?.text ?? null;
  }

  /** Make a version of a change of the base's text; `text` is what was typed for it. Resolves whether that worked. */
  async save(baseId, change, text) {
    this.isBusy = true;
    this.panel.setBusy(true);
    try {
      const body = { base_version_id: baseId, edits: [change.edit], summary: change.summary.slice(0, 200) };
      const { version } = await request('POST', `/api/websites/${this.websiteId}/edits`, body);
      this.#last = change;
      this.#failed = null;
      this.panel.showProblem(null);
      this.versions.add(version);
      return true;
    } catch (error) {
      this.#failed = { change, text, error };
      this.panel.showProblem(error, text);
      return false;
    } finally {
      this.isBusy = false;
      this.panel.setBusy(false);
    }
  }

  /** Save what could not be saved on the version that is the newest by now, wherever its text is there. */
  async tryAgain() {
    const { change, text, error } = this.#failed;
    if (!MAY_FIT_ELSEWHERE.has(error.code)) return this.save(this.versions.shownId, change, text);
    const { start, end, ...edit } = change.edit;
    await this.versions.load();
    return this.save(this.versions.rows[0].id, { ...change, edit, from: Number.POSITIVE_INFINITY, to: Number.POSITIVE_INFINITY }, text);
  }

  discard() {
    this.#failed = null;
    this.panel.showProblem(null);
  }

  /** Where an element that began at a place of the text begins in the version that was made last, both in UTF-16 units. */
  placeAfter(place) {
    const change = this.#last;
    this.#last = null;
    if (!change) return place;
    const { from, to, select } = change;
    if (place === null || (place >= from && place < to)) return select;
    return place < from ? place : place + change.edit.replace.length - (to - from);
  }
}
