import { hasConnectionAllowlist } from '../builder/isolation.js';

/**
 * A frame with a page that somebody shared. Its scripts run at once only where the browser keeps them from reaching other computers; else
 * `button` runs them.
 */
export class PageFrame {
  #path = null;

  constructor(frame, button) {
    this.frame = frame;
    this.button = button;
    addEventListener('message', ({ source, data }) => {
      if (source === frame.contentWindow && data?.preview === 'page' && data.hasScripts) button.hidden = frame.src.endsWith('scripts=on');
    });
    button.addEventListener('click', () => this.#load('?scripts=on'));
  }

  async show(path) {
    this.#path = path;
    this.button.hidden = true;
    const isSafe = await hasConnectionAllowlist();
    if (this.#path === path) this.#load(isSafe ? '?scripts=on' : '');
  }

  #load(query) {
    this.button.hidden = true;
    this.frame.src = this.#path + query;
  }
}
