import { isReady, portTo } from '../builder/frame-ports.js';
import { h } from '../ui/dom.js';
import { readMessage } from './inspector-messages.js';

/** The frame in which a page is edited: our inspector alone runs in it. Emits what it says by its type (inspector-messages.js). */
export class InspectorFrame extends EventTarget {
  #port = null;
  #size = 0;
  #waiting = [];

  constructor(stage, address, title = 'Your page, to edit') {
    super();
    this.element = h('iframe', { class: 'preview-frame is-edited is-loading', sandbox: 'allow-scripts', title, src: address, referrerpolicy: 'no-referrer' });
    addEventListener('message', this.#hear);
    stage.append(this.element);
  }

  #hear = (event) => {
    if (!isReady(this.element, event)) return;
    // A frame that was led elsewhere, or begins anew, gets a port of its own.
    this.#port?.close();
    this.#port = portTo(this.element);
    this.#port.onmessage = ({ data }) => {
      const message = readMessage(data, this.#size);
      if (message) this.dispatchEvent(new CustomEvent(message.type, { detail: message }));
    };
    for (const message of this.#waiting.splice(0)) this.#port.postMessage(message);
  };

  /** Whether the person is in the frame: what is done there is theirs. */
  get hasFocus() {
    return document.activeElement === this.element;
  }

  /** Show a page, with the element selected that begins at a place of its text, null for none; it can't be typed in when it `isReadOnly`. */
  show(source, select, place = null, { isReadOnly = false } = {}) {
    this.#size = source.size;
    this.tell({ show: { text: source.text, path: source.path, places: source.places, files: source.files, isReadOnly }, select, ...(place && { place }) });
  }

  tell(message) {
    if (this.#port) this.#port.postMessage(message);
    else this.#waiting.push(message);
  }

  remove() {
    removeEventListener('message', this.#hear);
    this.#port?.close();
    this.element.remove();
  }
}
