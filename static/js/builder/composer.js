import { countCodePoints } from '../text/code-points.js';
import { debounce, find, h, icon } from '../ui/dom.js';
import { ComposerTarget } from './composer-target.js';
import { drafts } from './local-storage.js';
import { openPromptMenu } from './prompt-menu.js';

/** In code points, as the server counts. */
export const MAX_MESSAGE_LENGTH = 100_000;
const PLACEHOLDER = 'Say what the page should be';

/** The message box: it grows with its text and saves a draft per chat. While an answer runs it can be stopped, and messages wait. */
export class Composer {
  #form = find('#composer');
  #box = find('#message');
  #button = find('#send');
  #stop = find('#stop');
  #note = find('#composer-note');
  #count = find('#composer-count');
  #isRunning = false;
  #isWaiting = false;
  // Given to the outbox, but not yet stored there.
  #pending = '';
  #isSendWanted = false;
  #target = new ComposerTarget(() => this.focus());

  constructor(app) {
    this.app = app;
    const saveSoon = debounce(150, () => this.saveDraft());
    this.#box.addEventListener('input', () => {
      this.#fit();
      saveSoon();
    });
    this.#box.addEventListener('keydown', (event) => this.#key(event));
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#send();
    });
    find('#prompts').addEventListener('click', ({ currentTarget }) => openPromptMenu(currentTarget, { text: this.#box.value, add: (text) => this.takeBack(text) }));
    this.#stop.addEventListener('click', () => app.stop());
    addEventListener('pagehide', () => this.saveDraft());
  }

  /** Show the draft of the chat that was opened. */
  open(websiteId, chatId) {
    // Text typed before the page knew which chat to open belongs to that chat.
    const early = this.place ? '' : this.#box.value;
    this.place = [websiteId, chatId];
    this.#pending = '';
    this.#target.set(null);
    this.note(null);
    this.#write(early || drafts.get(websiteId, chatId));
    if (this.#isSendWanted) queueMicrotask(() => this.#send());
    this.#isSendWanted = false;
  }

  /** A new chat got its id: save its draft under that id. */
  moveTo(websiteId, chatId) {
    drafts.save(websiteId, null, '');
    this.place = [websiteId, chatId];
    this.saveDraft();
  }

  saveDraft() {
    if (this.place) drafts.save(...this.place, this.#box.value.trim() ? this.#box.value : this.#pending);
  }

  /** Put an unsent message back into the box, before the text typed since, with what it is about. */
  takeBack(text, target = null) {
    if (target) this.#target.restore(target, this.app);
    this.#write([text, this.#box.value].filter((part) => part.trim()).join('\n\n'));
    this.saveDraft();
    this.focus();
  }

  focus() {
    this.#box.focus();
  }

  /** Have the next message be about an element of the page. */
  askAbout(label, target) {
    this.#target.set(label, target);
    this.focus();
  }

  /** Take the focus of a button that is about to disappear; not on a touch screen, where the keyboard would open. */
  takeFocus() {
    if (!matchMedia('(pointer: coarse)').matches) this.focus();
  }

  /** Set what the chat is busy with: an answer is running or stopping, or a message waits to be sent. */
  setBusy({ isRunning = false, isStopping = false, isWaiting = false }) {
    if ((this.#isRunning && !isRunning) || (this.#isWaiting && !isWaiting)) this.note(null);
    this.#isRunning = isRunning;
    this.#isWaiting = isWaiting;
    name(this.#stop, isStopping ? 'Stopping…' : 'Stop the answer');
    name(this.#button, isRunning ? 'Send when the answer ends' : 'Send');
    this.#stop.hidden = !isRunning;
    this.#box.placeholder = isRunning ? 'Write the next message' : PLACEHOLDER;
    this.#fit();
  }

  note(text) {
    this.#note.replaceChildren(...(text ? [icon('alert'), h('span', {}, text)] : []));
    this.#note.hidden = !text;
  }

  #key(event) {
    if (event.key === 'ArrowUp' && !this.#box.value && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.app.editLastQuestion();
    }
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#send();
  }

  async #send() {
    const text = this.#box.value.trim();
    if (!text || countCodePoints(text) > MAX_MESSAGE_LENGTH) return;
    if (!this.place) {
      this.#isSendWanted = true;
      return;
    }
    if (this.#isWaiting) {
      this.note('Your last message is not sent yet. This one stays here until it is.');
      return;
    }
    this.note(null);
    // The draft is kept until the outbox has stored the message, so that a crash in between loses nothing.
    this.#pending = text;
    this.#write('');
    await this.app.send(text, { target: this.#target.take() });
    this.#pending = '';
    this.saveDraft();
  }

  #write(text) {
    this.#box.value = text;
    this.#fit();
  }

  #fit() {
    const length = this.#box.value.length;
    this.#count.hidden = length < MAX_MESSAGE_LENGTH * 0.9;
    if (!this.#count.hidden) this.#count.textContent = `${countCodePoints(this.#box.value).toLocaleString('en')} of ${MAX_MESSAGE_LENGTH.toLocaleString('en')} characters`;
    const isEmpty = !this.#box.value.trim();
    this.#button.disabled = isEmpty || length > MAX_MESSAGE_LENGTH * 2;
    this.#button.hidden = this.#isRunning && isEmpty;
    if (CSS.supports('field-sizing', 'content')) return;
    this.#box.style.setProperty('height', 'auto');
    this.#box.style.setProperty('height', `${this.#box.scrollHeight + 2}px`);
  }
}

function name(button, label) {
  button.setAttribute('aria-label', label);
  button.title = label;
}
