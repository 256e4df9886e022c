/** How long after its load a page must still run, so that the load counts as finished; in milliseconds. */
const WELL_AFTER = 5_000;
/** A page that has not loaded, or has said nothing, for so long does not respond. Its frame says each second that it is alive. */
const SILENT_AFTER = 10_000;
const RESPONSIVE = 3_000;
const TICK = 1_000;

/**
 * Watches the page in a preview's frame. Emits `loaded` and `page` (has it scripts?) once, `well` once it has run for a while
 * or was left in good order, and `silent` and `heard` whenever it stops responding and goes on. What the page says may be
 * forged: it can only harm its own preview.
 */
export class PreviewWatch extends EventTarget {
  #frame;
  #begun = Date.now();
  #heard = Date.now();
  #ticked = Date.now();
  #loaded = null;
  #isWell = false;
  #isSilent = false;
  #stopped = new AbortController();

  constructor(frame) {
    super();
    this.#frame = frame;
    const { signal } = this.#stopped;
    frame.addEventListener('load', () => this.#load(), { once: true, signal });
    addEventListener('message', (event) => this.#hear(event), { signal });
    addEventListener('pagehide', () => this.#leave(), { signal });
    const timer = setInterval(() => this.#tick(), TICK);
    signal.addEventListener('abort', () => clearInterval(timer));
  }

  stop() {
    this.#leave();
    this.#stopped.abort();
  }

  // Somebody who goes on to something else soon after the page was shown had no trouble with it.
  #leave() {
    if (!this.#stopped.signal.aborted && Date.now() - this.#heard < RESPONSIVE) this.#setWell();
  }

  #load() {
    this.#loaded = Date.now();
    this.dispatchEvent(new Event('loaded'));
  }

  #hear({ source, data }) {
    if (source !== this.#frame.contentWindow) return;
    if (data?.preview === 'page') this.dispatchEvent(new CustomEvent('page', { detail: data.hasScripts === true }));
    if (data?.preview !== 'alive') return;
    this.#heard = Date.now();
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
