import { listAll, request } from '../net/api.js';
import { exactTime, relativeTime } from '../text/relative-time.js';
import { find, h, icon } from '../ui/dom.js';
import { toast, toastError } from '../ui/toasts.js';
import { sharePage } from './share-page-dialog.js';

const MADE_BY = { answer: 'From a chat', edit: 'Edited', restore: 'Restored' };

/** The versions of the page, newest first: each can be viewed, and restored as a new version. Emits `change`. */
export class Versions extends EventTarget {
  rows = [];
  shownId = null;
  #list = find('#version-list');
  #panel = find('#versions');
  #button = find('#versions-button');
  #label = find('#versions-label');
  #old = find('#old-version');

  constructor(websiteId, preview) {
    super();
    this.websiteId = websiteId;
    this.preview = preview;
    this.#panel.addEventListener('toggle', (event) => this.#toggled(event));
    find('#share-page').addEventListener('click', () => sharePage(this.websiteId, this.find(this.shownId)));
    find('#old-version-restore').addEventListener('click', () => this.restore(this.shownId));
    find('#old-version-latest').addEventListener('click', () => this.show(this.rows[0].id));
  }

  find(id) {
    return this.rows.find((row) => row.id === id) ?? null;
  }

  /** The version before, null when there is none. */
  olderThan(id) {
    const at = this.rows.findIndex((row) => row.id === id);
    return at === -1 ? null : (this.rows[at + 1]?.id ?? null);
  }

  async load({ showLatest = true } = {}) {
    this.rows = await listAll(`/api/websites/${this.websiteId}/versions`, 'versions');
    if (showLatest || !this.find(this.shownId)) this.show(this.rows[0]?.id ?? null);
    else this.#draw();
  }

  show(id) {
    this.shownId = id;
    this.preview.show(id);
    this.#draw();
  }

  async restore(id) {
    try {
      const { version } = await request('POST', `/api/versions/${id}/restore`, {});
      this.rows.unshift(version);
      this.show(version.id);
      if (this.#panel.matches(':popover-open')) this.#panel.hidePopover();
      toast(`Restored as version ${version.number}`);
    } catch (error) {
      toastError(error);
    }
  }

  #draw() {
    const shown = this.find(this.shownId);
    const latest = this.rows[0] ?? null;
    this.#button.disabled = !latest;
    this.#label.textContent = shown ? `Version ${shown.number}` : 'No page yet';
    this.#old.hidden = !shown || shown === latest;
    find('#old-version-text').textContent = shown ? `Version ${shown.number} of ${latest.number}, not the current page` : '';
    for (const link of [find('#download'), find('#open-page'), find('#share-page')]) link.hidden = !shown;
    if (shown) {
      find('#download').href = `/api/versions/${shown.id}/download`;
    }
    this.#list.replaceChildren(...this.rows.map((row) => this.#row(row, row === shown, row === latest)));
    this.preview.versionsChanged();
    this.dispatchEvent(new Event('change'));
  }

  #row(row, isShown, isLatest) {
    const from = row.source === 'restore' && this.find(row.restored_from);
    const made = from ? `Restored from version ${from.number}` : row.summary || MADE_BY[row.source];
    return h('li', { class: `version-row${isShown ? ' is-shown' : ''}` },
      h('button', { type: 'button', class: 'version-view', 'aria-current': isShown ? 'true' : null, onclick: () => this.show(row.id) },
        h('span', { class: 'version-number' }, `Version ${row.number}`, isLatest ? h('span', { class: 'tag' }, 'current') : ''),
        h('span', { class: 'version-made' }, made),
        h('time', { datetime: row.created_at, title: exactTime(row.created_at) }, relativeTime(row.created_at))),
      isLatest ? '' : h('button', { type: 'button', class: 'button small', 'aria-label': `Restore version ${row.number}`, onclick: () => this.restore(row.id) }, icon('restore'), 'Restore'));
  }

  #toggled(event) {
    const isOpen = event.newState === 'open';
    this.#button.setAttribute('aria-expanded', String(isOpen));
    if (!isOpen) return;
    const anchor = this.#button.getBoundingClientRect();
    this.#panel.style.setProperty('top', `${anchor.bottom + 6}px`);
    this.#panel.style.setProperty('left', `${Math.max(8, Math.min(anchor.left, innerWidth - this.#panel.offsetWidth - 8))}px`);
    find('.is-shown .version-view', this.#panel)?.focus();
  }
}
