import { find } from './dom.js';

/**
 * Tell a screen reader something, once.
 *
 * A streaming answer is not a live region itself: every piece would interrupt the one before.
 */
export function announce(text) {
  const region = find('#announcer');
  region.textContent = '';
  requestAnimationFrame(() => {
    region.textContent = text;
  });
}
