import { find } from '../ui/dom.js';
import { chatShare } from './local-storage.js';

const USUAL = 45;
const STEP = 2;
/** Neither pane gets narrower, in pixels. */
const LEAST = 340;

/** The line between chat and preview: dragged, moved by arrow keys, put back by a double click, and remembered. */
export class Splitter {
  #line = find('#splitter');
  #builder = find('#builder');
  #share = Number(chatShare.get()) || USUAL;

  constructor() {
    this.#line.addEventListener('pointerdown', (event) => this.#grab(event));
    this.#line.addEventListener('keydown', (event) => this.#press(event));
    this.#line.addEventListener('dblclick', () => {
      this.#move(USUAL);
      chatShare.save(null);
    });
    new ResizeObserver(() => this.#move(this.#share)).observe(this.#builder);
  }

  #grab(event) {
    if (event.button !== 0) return;
    const dragged = new AbortController();
    const { signal } = dragged;
    this.#line.setPointerCapture(event.pointerId);
    // A frame would take the pointer's events.
    this.#builder.classList.add('is-resizing');
    this.#line.addEventListener('pointermove', ({ clientX }) => this.#move(this.#shareAt(clientX)), { signal });
    for (const type of ['pointerup', 'pointercancel']) {
      this.#line.addEventListener(type, () => {
        dragged.abort();
        this.#builder.classList.remove('is-resizing');
        chatShare.save(this.#share);
      }, { signal });
    }
  }

  #press(event) {
    const { least, most } = this.#limits;
    const share = { ArrowLeft: this.#share - STEP, ArrowRight: this.#share + STEP, Home: least, End: most, Enter: USUAL }[event.key];
    if (share === undefined) return;
    event.preventDefault();
    this.#move(share);
    chatShare.save(this.#share);
  }

  get #panes() {
    const { left } = find('#chat-pane').getBoundingClientRect();
    return { left, width: find('#preview-pane').getBoundingClientRect().right - left };
  }

  get #limits() {
    const least = Math.min(45, Math.ceil((LEAST / Math.max(this.#panes.width, 1)) * 100));
    return { least, most: 100 - least };
  }

  #shareAt(x) {
    const { left, width } = this.#panes;
    return ((x - left) / Math.max(width, 1)) * 100;
  }

  #move(share) {
    const { least, most } = this.#limits;
    this.#share = Math.round(Math.min(Math.max(share, least), most) * 10) / 10;
    this.#builder.style.setProperty('--chat-share', `${this.#share}fr`);
    this.#builder.style.setProperty('--preview-share', `${100 - this.#share}fr`);
    for (const [name, value] of [['now', this.#share], ['min', least], ['max', most]]) this.#line.setAttribute(`aria-value${name}`, String(Math.round(value)));
  }
}
