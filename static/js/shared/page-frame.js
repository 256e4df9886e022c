import { hasConnectionAllowlist } from '../builder/isolation.js';
import { readMessage, tell } from '../builder/preview-messages.js';

/**
 * A frame with a page that somebody shared. Its scripts run at once only where the browser keeps them from reaching other computers; else
 * `button` runs them. `follow` is called with each link that is pressed in the page (preview-messages.js).
 */
export class PageFrame {
  #address = null;
  #anchor = '';
  #runsScripts = false;

  constructor(frame, button, follow = () => {}) {
    this.frame = frame;
    this.button = button;
    addEventListener('message', ({ source, data }) => {
      const message = source === frame.contentWindow && readMessage(data);
      if (message?.type === 'page') this.#isThere(message);
      if (message?.type === 'link') follow(message);
    });
    button.addEventListener('click', () => this.#load({ runsScripts: true }));
  }

  /** Show the page at an address, or the part of it that an anchor names. */
  async show(address, anchor = '') {
    if (address === this.#address && anchor) return tell(this.frame, { anchor });
    this.#address = address;
    this.#anchor = anchor;
    this.button.hidden = true;
    const isSafe = await hasConnectionAllowlist();
    if (this.#address === address) this.#load({ runsScripts: isSafe });
  }

  #isThere({ hasScripts }) {
    if (hasScripts) this.button.hidden = this.#runsScripts;
    if (this.#anchor) tell(this.frame, { anchor: this.#anchor });
    this.#anchor = '';
  }

  #load({ runsScripts }) {
    this.button.hidden = true;
    this.#runsScripts = runsScripts;
    const address = runsScripts ? `${this.#address}${this.#address.includes('?') ? '&' : '?'}scripts=on` : this.#address;
    // In place of the page before in the history, where Back leads from one address of ours to another.
    if (this.frame.src) this.frame.contentWindow.location.replace(address);
    else this.frame.src = address;
  }
}
