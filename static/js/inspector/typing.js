import { elementsIn } from '../preview/pages.js';
import { focus, isElement, isText, nodesIn, removeAttribute, setAttribute, tagOf } from './natives.js';
import { partsOf, snapshot } from './parts.js';

const NOT_TYPED_IN = new Set(['img', 'picture', 'video', 'audio', 'canvas', 'svg', 'math', 'select', 'datalist', 'hr', 'input', 'textarea', 'meter', 'progress', 'table', 'thead', 'tbody', 'tfoot', 'tr', 'ul', 'ol', 'dl', 'pre', 'br', 'object']);
/** In these a space is a press. */
const PRESSED_BY_SPACE = new Set(['button', 'summary']);

const execCommand = document.execCommand.bind(document);

/** Whether an element of the page has a text of its own, and nothing in it whose place isn't certain. */
export function canTypeIn(page, number) {
  const element = page.elements[number];
  if (NOT_TYPED_IN.has(tagOf(element))) return false;
  const nodes = nodesIn(element);
  if (!nodes.some((node) => isText(node) && node.data.trim()) && nodes.some(isElement)) return false;
  const inside = elementsIn(element);
  return inside.length === elementsIn(page.original(number)).length && inside.every((each) => page.numberOf(each) !== undefined);
}

/** Plain text is typed in an element of the page; `onEnd(parts, {isGivenUp})` is called once, with null when nothing is to be changed. */
export class Typing {
  #before;
  #isOver = false;

  constructor(page, number, onEnd) {
    this.element = page.elements[number];
    this.onEnd = onEnd;
    this.#before = snapshot(page, this.element);
    setAttribute(this.element, 'contenteditable', 'plaintext-only');
    focus(this.element);
    getSelection().selectAllChildren(this.element);
    if (this.#before.children.length) getSelection().collapseToEnd();
  }

  key(event) {
    if (event.isComposing) return;
    if (event.key === 'Enter' || event.key === 'Escape') {
      event.preventDefault();
      this.end({ isGivenUp: event.key === 'Escape' });
    } else if (event.key === ' ' && PRESSED_BY_SPACE.has(tagOf(this.element))) {
      event.preventDefault();
      execCommand('insertText', false, ' ');
    }
  }

  end({ isGivenUp = false } = {}) {
    if (this.#isOver) return;
    this.#isOver = true;
    const parts = isGivenUp ? null : partsOf(this.#before);
    removeAttribute(this.element, 'contenteditable');
    getSelection().removeAllRanges();
    this.onEnd(parts, { isGivenUp });
  }
}
