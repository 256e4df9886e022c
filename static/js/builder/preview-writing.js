import { find, h } from '../ui/dom.js';
import { isReady, portTo } from './frame-ports.js';
import { placeIn } from './preview-messages.js';
import { stepsIn } from './writing-steps.js';

const EVERY = 250;
/** In place of a page that is there already, a new one is shown only when writing it takes longer, in milliseconds. */
const PATIENCE = 1_500;
const MOST_STEPS = 4;

/** A page while it is written: in a frame where only our own script runs, with the names of its parts as they come. */
export class PreviewWriting {
  #pill = find('#preview-building');
  #now = find('#preview-building-text');
  #done = find('#preview-building-done');
  #frame = null;
  #port = null;
  #path = null;
  #files = null;
  #isReady = false;
  #begun = null;
  #html = '';
  #sent = '';
  #timer = null;
  #isWhole = false;
  /** Whether it scrolls with what is written: the person hasn't scrolled. */
  isFollowing = false;
  /** Where the page that is written is scrolled to, null while none is shown. */
  place = null;

  /** `files` gets the files that the page of a path will probably show, as data URLs by path. */
  constructor(stage, address, { onFrame, files }) {
    Object.assign(this, { stage, address, onFrame, files });
  }

  /** Show the text so far of the page of a path; `isFirst`: there is no page yet. */
  write({ html, path }, { isFirst }) {
    this.#begun ??= Date.now();
    this.#html = html;
    // While there is no text, neither is the path whole.
    if (html && path !== this.#path) this.#turnTo(path);
    this.#isWhole = false;
    this.#pill.hidden = false;
    this.stage.classList.add('is-building');
    if (!this.#frame && (isFirst || Date.now() - this.#begun > PATIENCE)) this.#open();
    this.#timer ??= setTimeout(() => this.#tick(), this.#sent ? EVERY : 0);
  }

  /** The page is whole; it stays until `stop`. */
  finish() {
    if (this.#begun === null || this.#isWhole) return;
    this.#tick();
    this.#isWhole = true;
    this.#now.textContent = 'Putting it in place…';
  }

  stop() {
    clearTimeout(this.#timer);
    this.#port?.close();
    this.#frame?.remove();
    this.place = null;
    this.isFollowing = this.#isReady = false;
    this.#frame = this.#port = this.#begun = this.#timer = this.#path = this.#files = null;
    this.#html = this.#sent = '';
    this.#pill.hidden = true;
    this.stage.classList.remove('is-building', 'is-writing');
  }

  #open() {
    const frame = h('iframe', { class: 'preview-frame is-writing', sandbox: 'allow-scripts', title: 'The page while it is written', src: this.address, referrerpolicy: 'no-referrer' });
    this.#frame = frame;
    if (this.#path) this.#turnTo(this.#path);
    this.isFollowing = true;
    // Not when it has loaded: that also says the browser's own error page.
    const hear = (event) => {
      if (isReady(frame, event)) this.#connect(frame);
      if (this.#port || frame !== this.#frame) removeEventListener('message', hear);
    };
    addEventListener('message', hear);
    this.stage.append(frame);
    this.onFrame();
  }

  async #connect(frame) {
    if (frame !== this.#frame) return;
    const port = portTo(frame);
    this.#port = port;
    port.onmessage = ({ data }) => {
      this.place = placeIn(Object(data));
      this.isFollowing = data?.isFollowing === true;
    };
    await this.#sendFiles();
  }

  #turnTo(path) {
    this.#path = path;
    this.#isReady = false;
    if (!this.#frame) return;
    this.#files = this.files(path).catch(() => ({}));
    if (this.#port) this.#sendFiles();
  }

  // What is written shows them from its beginning.
  async #sendFiles() {
    const port = this.#port;
    const path = this.#path;
    const files = await this.#files;
    if (port !== this.#port || path !== this.#path || path === null) return;
    port.postMessage({ files, path });
    this.#isReady = true;
    this.#sent = '';
    this.place = { x: 0, y: 0 };
    this.#send();
    this.stage.classList.add('is-writing');
  }

  #tick() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#showSteps();
    this.#send();
  }

  #send() {
    const html = this.#html;
    if (!this.#isReady || html === this.#sent) return;
    const isMore = this.#sent !== '' && html.startsWith(this.#sent);
    this.#port.postMessage({ restart: !isMore, text: isMore ? html.slice(this.#sent.length) : html });
    this.#sent = html;
  }

  #showSteps() {
    const steps = stepsIn(this.#html);
    const done = steps.slice(0, -1).slice(-MOST_STEPS);
    this.#now.textContent = `Writing: ${steps.at(-1)}`;
    this.#done.replaceChildren(...done.map((step) => h('li', {}, step)));
    this.#done.hidden = !done.length;
  }
}
