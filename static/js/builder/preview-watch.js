import { readMessage } from './preview-messages.js';

/** How long after its load a page must still run, so that the load counts as finished; in milliseconds. */
const WELL_AFTER = 5_000;
/** A page that has not loaded, or has said nothing, for so long does not respond. Its frame says each second that it is alive. */
const SILENT_AFTER = 10_000;
const RESPONSIVE = 3_000;
const TICK = 1_000;
const AWAY_AFTER = 1_300;

/**
 * Watches the page in a preview's frame. Emits `loaded` once, `left` when it has led the frame elsewhere, `well` once it has run
 * for a while or was left in good order, `silent` and `heard` whenever it stops responding and goes on, and what the page says
 * by its type (preview-messages.js). That may be forged: it can only harm its own preview.
 */
export class PreviewWatch extends EventTarget {
  #frame;
  #begun = Date.now();
  #heard = Date.now();
  #ticked = Date.now();
  #loaded = null;
  #isWell = false;
  #hasLeft = false;
  #isSilent = false;
  #stopped = new AbortController();

  constructor(frame) {
    super();
    this.#frame = frame;
    const { signal } = this.#stopped;
    frame.addEventListener('load', () => this.#load(), { signal });
    addEventListener('message', (event) => this.#hear(event), { signal });
    addEventListener('pagehide', () => this.#leave(), { signal });
    const timer = setInterval(() => this.#tick(), TICK);
    signal.addEventListener('abort', () => clearInterval(timer));
  }

  /** Whether the page has loaded, is where it should be and says that it is alive. */
  get isResponsive() {
    return this.#loaded !== null && !this.#hasLeft && !this.#isSilent && Date.now() - this.#heard < RESPONSIVE;
  }

  stop() {
    this.#leave();
    this.#stopped.abort();
  }

  // Somebody who goes on to something else soon after the page was shown had no trouble with it.
  #leave() {
    if (!this.#stopped.signal.aborted && Date.now() - this.#heard < RESPONSIVE) this.#setWell();
  }

  // A frame loads again when its page has led it elsewhere, or has been written anew by its own script: then it goes on saying so.
  #load() {
    if (this.#loaded) return this.#doubt();
    this.#loaded = Date.now();
    this.dispatchEvent(new Event('loaded'));
  }

  #doubt() {
    const since = Date.now();
    this.#frame.classList.add('is-away');
    setTimeout(() => this.#heard < since && this.#setLeft(), AWAY_AFTER);
  }

  #setLeft() {
    if (this.#hasLeft || this.#stopped.signal.aborted) return;
    this.#hasLeft = true;
    this.dispatchEvent(new Event('left'));
  }

  #hear({ source, data }) {
    const message = source === this.#frame.contentWindow ? readMessage(data) : null;
    if (!message) return;
    if (message.type === 'left') return this.#setLeft();
    if (message.type !== 'alive') return this.dispatchEvent(new CustomEvent(message.type, { detail: message }));
    this.#heard = Date.now();
    this.#frame.classList.remove('is-away');
    this.#setSilent(false);
    if (this.#loaded && this.#heard - this.#loaded > WELL_AFTER) this.#setWell();
  }

  #setWell() {
    if (this.#isWell) return;
    this.#isWell = true;
    this.dispatchEvent(new Event('well'));
  }

  #tick() {
    const now = Date.now();
    // A tab that slept, or is in the background, where timers are slow, can't tell.
    if (now - this.#ticked > 3 * TICK || document.hidden) {
      this.#begun += now - this.#ticked;
      this.#heard = now;
    }
    this.#ticked = now;
    if (now - this.#heard > SILENT_AFTER || (!this.#loaded && now - this.#begun > SILENT_AFTER)) this.#setSilent(true);
  }

  #setSilent(isSilent) {
    if (isSilent === this.#isSilent) return;
    this.#isSilent = isSilent;
    if (isSilent) this.#isWell = false;
    this.dispatchEvent(new Event(isSilent ? 'silent' : 'heard'));
  }
}
