import { find } from './dom.js';

/**
 * Announce a text to screen readers, once.
 *
 * A streaming answer is not a live region itself, because each piece of text would interrupt the one before.
 */
export function announce(text) {
  const region = find('#announcer');
  region.textContent = '';
  requestAnimationFrame(() => {
    region.textContent = text;
  });
}
