import { chooseFiles } from '../pictures/chooser.js';
import { ComposerPictures } from '../pictures/composer-pictures.js';
import { splitPictures, withPictures } from '../pictures/mentions.js';
import { countCodePoints } from '../text/code-points.js';
import { debounce, find, h, icon } from '../ui/dom.js';
import { ComposerTarget } from './composer-target.js';
import { drafts } from './local-storage.js';
import { openPromptMenu } from './prompt-menu.js';

/** In code points, as the server counts. */
export const MAX_MESSAGE_LENGTH = 100_000;
const PLACEHOLDER = 'Say what the page should be';
const ABOUT_PICTURES = 'Say what to do with it';

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
  #pictures = new ComposerPictures(() => this.app.pictures, () => this.focus());
  #sendsWhenAdded = false;

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
    find('#add-picture').addEventListener('click', () => chooseFiles((files) => this.addPictures(files)));
    this.#pictures.addEventListener('change', () => this.#picturesChanged());
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
    this.#sendsWhenAdded = false;
    const { text, paths } = splitPictures(early || drafts.get(websiteId, chatId));
    this.#write(text);
    this.#pictures.set(paths);
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
    const draft = withPictures(this.#box.value, this.#pictures.paths);
    if (this.place) drafts.save(...this.place, draft.trim() ? draft : this.#pending);
  }

  /** Put an unsent message back into the box, before the text typed since, with what it is about. */
  takeBack(message, target = null) {
    if (target) this.#target.restore(target, this.app);
    const { text, paths } = splitPictures(message);
    this.#pictures.append(paths);
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

  /** Upload pictures, and have the next message be about them. */
  addPictures(files) {
    for (const file of files) this.#pictures.upload(file);
    this.takeFocus();
  }

  /** Have the next message be about a picture of the website. */
  askAboutPicture(asset, words) {
    this.#pictures.choose(asset);
    this.takeBack(words);
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
    this.#setPlaceholder();
    this.#fit();
  }

  #setPlaceholder() {
    this.#box.placeholder = this.#pictures.paths.length ? ABOUT_PICTURES : this.#isRunning ? 'Write the next message' : PLACEHOLDER;
  }

  #picturesChanged() {
    this.#setPlaceholder();
    this.saveDraft();
    if (!this.#sendsWhenAdded || this.#pictures.isBusy) return;
    this.#sendsWhenAdded = false;
    this.#send();
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
    const text = withPictures(this.#box.value.trim(), this.#pictures.paths);
    if (!this.#box.value.trim() || countCodePoints(text) > MAX_MESSAGE_LENGTH) return;
    if (!this.place) {
      this.#isSendWanted = true;
      return;
    }
    if (this.#isWaiting) {
      this.note('Your last message is not sent yet. This one stays here until it is.');
      return;
    }
    if (this.#pictures.isBusy) {
      this.#sendsWhenAdded = true;
      this.note('Your message is sent as soon as its pictures are added.');
      return;
    }
    this.note(null);
    // The draft is kept until the outbox has stored the message, so that a crash in between loses nothing.
    this.#pending = text;
    this.#write('');
    this.#pictures.set([]);
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
