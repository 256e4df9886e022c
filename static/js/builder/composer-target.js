import { find } from '../ui/dom.js';
import { labelOfTarget } from './question-target.js';

/** What the next message is about, if not the whole page: a chip above the message box that can be removed. */
export class ComposerTarget {
  #chip = find('#composer-target');
  #target = null;

  /** `onRemove` is called when the person removes it. */
  constructor(onRemove) {
    find('#composer-target-remove').addEventListener('click', () => {
      this.set(null);
      onRemove();
    });
  }

  /** A label and the target of `POST /api/chat`; null for none. */
  set(label, target = null) {
    this.#target = target;
    find('#composer-target-label').textContent = label ? `About: ${label}` : '';
    this.#chip.hidden = target === null;
  }

  /** Have it again, after its message was taken back. */
  restore(target, app) {
    this.set('a part of the page', target);
    labelOfTarget(target, app).then((label) => target === this.#target && this.set(label, target), () => {});
  }

  /** Return the target, once. */
  take() {
    const target = this.#target;
    this.set(null);
    return target;
  }
}
