import { find, h, icon, iconButton } from '../ui/dom.js';
import { timeElement } from '../ui/times.js';
import { watchThumbnails } from '../websites/thumbnails.js';

const MADE_BY = { answer: 'From a chat', edit: 'Edited', restore: 'Restored' };

/** The list of versions below the button, drawn while it is open. Each has a picture, and can be shown, compared, restored and found in its chat. */
export class VersionList {
  #list = find('#version-list');
  #panel = find('#versions');
  #button = find('#versions-button');
  #thumbnails = watchThumbnails();
  #drawn = { rows: [], shown: null };

  /** `on` has `show`, `restore`, `compare` and `showInChat`. */
  constructor(on) {
    this.on = on;
    this.#panel.addEventListener('toggle', (event) => this.#toggled(event));
  }

  draw(rows, shown) {
    this.#drawn = { rows, shown };
    if (this.#isOpen) this.#fill();
  }

  close() {
    if (this.#isOpen) this.#panel.hidePopover();
  }

  get #isOpen() {
    return this.#panel.matches(':popover-open');
  }

  #fill() {
    const { rows, shown } = this.#drawn;
    const known = new Map([...this.#list.querySelectorAll('.version-thumb')].map((thumb) => [thumb.dataset.version, thumb]));
    this.#list.replaceChildren(...rows.map((row) => this.#row(row, row === shown, row === rows[0], known.get(row.id))));
  }

  #row(row, isShown, isLatest, thumb) {
    return h('li', { class: `version-row${isShown ? ' is-shown' : ''}` },
      h('button', { type: 'button', class: 'version-view', 'aria-current': isShown ? 'true' : null, onclick: () => this.on.show(row.id) },
        thumb ?? this.#thumbnail(row),
        h('span', { class: 'version-words' },
          h('span', { class: 'version-number' }, `Version ${row.number}`, isLatest ? h('span', { class: 'tag' }, 'newest') : ''),
          h('span', { class: 'version-made' }, this.#madeFrom(row)),
          timeElement(row.created_at))),
      h('div', { class: 'version-actions' },
        row.session_id && row.message_id ? iconButton('chat', `Show version ${row.number} in its chat`, () => this.#leave(() => this.on.showInChat(row))) : '',
        row.base_version_id ? iconButton('compare', `What changed in version ${row.number}`, () => this.#leave(() => this.on.compare(row.base_version_id, row.id))) : '',
        isLatest ? '' : h('button', { type: 'button', class: 'button small', 'aria-label': `Restore version ${row.number}`, onclick: () => this.on.restore(row.id) }, icon('restore'), 'Restore')));
  }

  #madeFrom(row) {
    const { rows } = this.#drawn;
    const numberOf = (id) => rows.find((other) => other.id === id)?.number;
    if (row.source === 'restore' && numberOf(row.restored_from)) return `Restored from version ${numberOf(row.restored_from)}`;
    const made = row.summary || MADE_BY[row.source];
    const base = numberOf(row.base_version_id) ?? 0;
    if (base === row.number - 1) return made;
    return base ? `${made} · from version ${base}` : `${made} · a new page`;
  }

  #thumbnail(row) {
    const thumb = h('span', { class: 'version-thumb', 'aria-hidden': 'true', dataset: { version: row.id } });
    this.#thumbnails.observe(thumb);
    return thumb;
  }

  #leave(run) {
    this.close();
    run();
  }

  #toggled(event) {
    const isOpen = event.newState === 'open';
    this.#button.setAttribute('aria-expanded', String(isOpen));
    if (!isOpen) return;
    this.#fill();
    const anchor = this.#button.getBoundingClientRect();
    this.#panel.style.setProperty('top', `${anchor.bottom + 6}px`);
    this.#panel.style.setProperty('left', `${Math.max(8, Math.min(anchor.left, innerWidth - this.#panel.offsetWidth - 8))}px`);
    find('.is-shown .version-view', this.#panel)?.focus();
  }
}
