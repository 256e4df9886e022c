import { find } from '../ui/dom.js';
import { isUnfinished } from './preview-loads.js';
import { tell } from './preview-messages.js';
import { PreviewWatch } from './preview-watch.js';

/** A press of the button or key that is longer, in milliseconds, shows the version before only until it ends. */
const HELD = 400;

/** The version before the one in the preview, at the same place: by a button or by Alt+B, held or pressed. */
export class BeforeAfter {
  #button = find('#preview-before');
  #label = find('#preview-before-label');
  #versionId = null;
  #frame = null;
  #watch = null;
  #pressed = null;
  isShown = false;

  constructor(preview) {
    this.preview = preview;
    this.#button.addEventListener('pointerdown', (event) => event.button === 0 && this.#press());
    for (const type of ['pointerup', 'pointercancel', 'pointerleave']) this.#button.addEventListener(type, () => this.#release());
    this.#button.addEventListener('click', (event) => event.detail === 0 && this.#set(!this.isShown));
    for (const type of ['keydown', 'keyup']) {
      addEventListener(type, (event) => {
        if (event.code !== 'KeyB' || !(event.altKey || this.#pressed) || event.repeat) return;
        event.preventDefault();
        this.#key(type === 'keydown');
      });
    }
  }

  /** Offer a version, null for none. */
  offer(versionId) {
    this.#button.hidden = versionId === null;
    if (versionId === this.#versionId) return;
    this.hide();
    this.#watch?.stop();
    this.#frame?.remove();
    this.#frame = null;
    this.#versionId = versionId;
  }

  hide() {
    this.#set(false);
  }

  /** A frame's page says that the key went down or up in it. */
  keyIn(frame, isDown) {
    if (document.activeElement === frame) this.#key(isDown);
  }

  /** The page beneath has scrolled: what it says of that may come after the version before is shown. */
  follow() {
    if (this.isShown && this.#frame) tell(this.#frame, { place: this.preview.place });
  }

  #key(isDown) {
    if (this.#button.hidden) return;
    if (isDown) this.#press();
    else this.#release();
  }

  #press() {
    this.#pressed = { at: Date.now(), wasShown: this.isShown };
    this.#set(true);
  }

  #release() {
    if (!this.#pressed) return;
    const { at, wasShown } = this.#pressed;
    this.#pressed = null;
    if (wasShown || Date.now() - at > HELD) this.#set(false);
  }

  #set(isShown) {
    if (isShown === this.isShown) return;
    this.isShown = isShown;
    this.#button.setAttribute('aria-pressed', String(isShown));
    if (isShown && !this.#frame) this.#load(this.#versionId);
    this.#draw();
    const frame = isShown ? this.#frame : this.preview.frame;
    if (frame) tell(frame, { place: this.preview.place });
  }

  #draw() {
    const isReady = this.#frame !== null && !this.#frame.classList.contains('is-loading');
    const number = this.preview.versions.find(this.#versionId)?.number;
    this.#label.hidden = !this.isShown || !isReady;
    this.#label.textContent = `Before: version ${number ?? ''}`;
    this.#frame?.classList.toggle('is-aside', !this.isShown);
  }

  async #load(versionId) {
    const [runsScripts, isThere] = await Promise.all([!isUnfinished(versionId) && this.preview.mayRunScripts(versionId), this.preview.has(this.preview.path, versionId)]);
    if (versionId !== this.#versionId || this.#frame) return;
    if (!isThere) {
      this.hide();
      return this.preview.note.say('The version before has no such page.');
    }
    const frame = this.preview.newFrame(versionId, runsScripts);
    frame.classList.add('is-before');
    frame.title = 'The version before';
    this.#frame = frame;
    this.#watch = new PreviewWatch(frame);
    const on = (type, run) => this.#watch.addEventListener(type, ({ detail }) => run(detail));
    on('page', () => tell(frame, { place: this.preview.place }));
    // A shorter page can't be scrolled so far, and the place is not lost by that.
    let end = null;
    on('placed', (place) => { end = place; });
    on('scroll', ({ x, y }) => {
      if (this.isShown && (x !== end?.x || y !== end.y)) this.preview.place = { x, y };
    });
    on('link', (link) => this.preview.note.explain(link));
    on('key', ({ isDown }) => this.keyIn(frame, isDown));
    on('left', () => this.offer(null));
    on('placed', () => {
      frame.classList.remove('is-loading');
      this.#draw();
    });
    this.preview.addFrame(frame);
  }
}
