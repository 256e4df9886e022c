import { copyText } from '../ui/copy.js';
import { h, icon } from '../ui/dom.js';
import { toastError } from '../ui/toasts.js';

/** A new link with a button that copies it. */
export function shareLink(url, label) {
  return h('div', { class: 'share-link' },
    h('input', { class: 'input', readonly: true, value: url, 'aria-label': label }),
    h('button', { type: 'button', class: 'button', onclick: () => copyText(url, 'Link copied') }, icon('copy'), 'Copy'));
}

/** Resolve with what a request brings, or show its error and resolve null. */
export async function tried(promise) {
  try {
    return await promise;
  } catch (error) {
    toastError(error);
    return null;
  }
}
