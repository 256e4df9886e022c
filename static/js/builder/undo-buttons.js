import { find } from '../ui/dom.js';
import { dropToastsOfPage } from '../ui/toasts.js';
import { undoSteps } from './undo-steps.js';

const KEYS = /Mac|iP/.test(navigator.platform) ? { undo: '⌘Z', redo: '⇧⌘Z' } : { undo: 'Ctrl+Z', redo: 'Ctrl+Y' };
const FIELDS = 'input, textarea, select, [contenteditable], dialog';

/** Undo and redo of the page, as buttons and as keys outside of fields. Each is a restore, so that nothing is lost. */
export class UndoButtons {
  #undo = find('#undo');
  #redo = find('#redo');
  #steps = { undo: null, redo: null };
  #isBusy = false;
  #newest;

  /** `restore(version, word)` resolves once the version is the newest one. */
  constructor(restore) {
    this.restore = restore;
    this.#undo.addEventListener('click', () => this.#go('undo'));
    this.#redo.addEventListener('click', () => this.#go('redo'));
    document.addEventListener('keydown', (event) => this.#key(event));
  }

  /** `isCurrent`: the newest version is the one that is shown, and that the conversation goes on from. */
  update(rows, isCurrent) {
    if (rows[0]?.id !== this.#newest) dropToastsOfPage();
    this.#newest = rows[0]?.id;
    this.#steps = isCurrent ? undoSteps(rows) : { undo: null, redo: null };
    show(this.#undo, 'undo', this.#steps.undo);
    show(this.#redo, 'redo', this.#steps.redo);
  }

  async #go(word) {
    const version = this.#steps[word];
    if (!version || this.#isBusy) return;
    this.#isBusy = true;
    try {
      await this.restore(version, word);
    } finally {
      this.#isBusy = false;
    }
  }

  #key(event) {
    const word = wordOf(event);
    if (!word || event.defaultPrevented || event.target.closest?.(FIELDS)) return;
    event.preventDefault();
    this.#go(word);
  }
}

function wordOf({ key, ctrlKey, metaKey, shiftKey, altKey }) {
  if (!(ctrlKey || metaKey) || altKey) return null;
  if (key.toLowerCase() === 'z') return shiftKey ? 'redo' : 'undo';
  return key.toLowerCase() === 'y' && ctrlKey && !shiftKey ? 'redo' : null;
}

// Not `disabled`, which would take the focus away from somebody who presses it until there is nothing left.
function show(button, word, version) {
  const label = version ? `${word === 'undo' ? 'Undo' : 'Redo'}: back to version ${version.number}` : `Nothing to ${word}`;
  button.setAttribute('aria-disabled', String(!version));
  button.setAttribute('aria-label', label);
  button.title = `${label} (${KEYS[word]})`;
}
