import { find } from '../ui/dom.js';
import { addressToOpen, plainText } from './preview-messages.js';

const SHOWN_FOR = 8_000;
const LONGEST = 160;

const WORDS = {
  mail: (address) => `Opens your visitor’s mail program once the site is live${address && `: ${address}`}`,
  phone: (address) => `Calls ${address || 'a number'} once the site is live`,
  site: (address) => `Opens ${address} once the site is live`,
  file: (address) => `Downloads ${address} once the site is live`,
  form: () => 'Sends once the site is published: you find it in your inbox',
  files: () => 'Sends once the site is published, but files are not delivered',
  outside: (address) => `Leads to ${address}`,
  other: () => 'This link does nothing in the preview',
};

/** A word in the preview on what a link or a form does once the site is published, or on what the page did. */
export class PreviewNote {
  #note = find('#preview-note');
  #text = find('#preview-note-text');
  #open = find('#preview-note-open');
  #timer = null;

  constructor() {
    find('#preview-note-close').addEventListener('click', () => this.hide());
    for (const type of ['pointerenter', 'focusin']) this.#note.addEventListener(type, () => clearTimeout(this.#timer));
    for (const type of ['pointerleave', 'focusout']) this.#note.addEventListener(type, () => this.#hideLater());
  }

  /** `kind` and `address` are what the page said of a link. */
  explain({ kind, address }) {
    const target = kind === 'outside' ? addressToOpen(address) : null;
    this.say(WORDS[kind](plainText(target ?? address, LONGEST)), target);
  }

  say(text, target = null) {
    this.#text.textContent = text;
    this.#open.hidden = target === null;
    if (target) this.#open.href = target;
    else this.#open.removeAttribute('href');
    this.#note.hidden = false;
    this.#hideLater();
  }

  hide() {
    clearTimeout(this.#timer);
    this.#note.hidden = true;
  }

  #hideLater() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.hide(), SHOWN_FOR);
  }
}
