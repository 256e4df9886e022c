import { isReady, portTo } from '../builder/frame-ports.js';
import { h } from '../ui/dom.js';
import { readMessage } from './checker-messages.js';

/** How long the frame may take for a page, in milliseconds; the first time it is also loaded. */
const PATIENCE = 20_000;

/** The frame in which pages are looked at without their scripts (checker/checker.js), at the width of a phone. */
export class CheckerFrame {
  #port;
  #begin;
  #count = 0;

  /** `stage` is the element that shows the frame. */
  constructor(stage, address) {
    this.#port = new Promise((resolve) => { this.#begin = resolve; });
    this.element = h('iframe', { class: 'gate-frame', sandbox: 'allow-scripts', title: 'The page that is being checked', tabindex: -1, src: address, referrerpolicy: 'no-referrer' });
    addEventListener('message', this.#hear);
    stage.replaceChildren(this.element);
  }

  /** Resolve {findings, beyond, widest} of a page, or {failed: text}; `source` is a Source of pointing. */
  async check(source) {
    const number = this.#count;
    this.#count += 1;
    const slow = new Promise((resolve) => { setTimeout(resolve, PATIENCE, { failed: 'It takes too long.' }); });
    return Promise.race([slow, this.#port.then((port) => this.#ask(port, source, number))]);
  }

  remove() {
    removeEventListener('message', this.#hear);
    this.#port.then((port) => port.close());
    this.element.remove();
  }

  #ask(port, { text, path, places, files, size }, number) {
    return new Promise((resolve) => {
      port.onmessage = ({ data }) => {
        const message = readMessage(data, number, size);
        if (message) resolve(message);
      };
      port.postMessage({ number, page: { text, path, places, files } });
    });
  }

  #hear = (event) => {
    if (!isReady(this.element, event)) return;
    // One that was led elsewhere gets no other port.
    removeEventListener('message', this.#hear);
    this.#begin(portTo(this.element));
  };
}
