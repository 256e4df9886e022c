import { PageFiles } from './files.js';
import { attributeNames, isUnused, prefersCalm } from './elements.js';

const SLICE = 12_000;
const AT_END = 80;
/** So long after a touch, a key or the wheel, scrolling is the person's, in milliseconds. */
const TOUCH = 500;
const LEFT_OUT = new Set(['script', 'noscript', 'meta', 'title', 'template']);
const NOT_COPIED = /^(on|autofocus$|autoplay$|srcdoc$|ping$|formaction$|http-equiv$)/i;

/**
 * Show a page while its text arrives by a port ({text, restart}), at the end of what is written unless the person scrolls. The files
 * that it shows come before it: {files, path}.
 *
 * The browser's own parser reads the text into a document that is never shown, in which nothing runs or loads; each of its
 * nodes gets a copy here when it comes, so that what is there stays as it is and a long page costs no more than a short one.
 */
export function showWriting(port) {
  const place = followEnd(port);
  let mirror = null;
  let text = '';
  let isDue = false;
  let files = new PageFiles({}, '');
  const write = () => {
    isDue = false;
    mirror.write(text.slice(0, SLICE));
    text = text.slice(SLICE);
    place.written();
    later();
  };
  const later = () => {
    if (isDue || !text) return;
    isDue = true;
    setTimeout(write);
  };
  port.onmessage = ({ data }) => {
    if (data.files) {
      files = new PageFiles(data.files, data.path);
      return;
    }
    if (data.restart || !mirror) {
      mirror = new Mirror(files);
      text = '';
    }
    text += data.text;
    later();
  };
  for (const type of ['click', 'auxclick', 'submit']) addEventListener(type, (event) => event.preventDefault(), true);
}

class Mirror {
  #source = document.implementation.createHTMLDocument('');
  #copies = new WeakMap();
  #observer = new MutationObserver(() => {});

  constructor(files) {
    this.files = files;
    this.#source.open();
    this.#observer.observe(this.#source, { subtree: true, childList: true, characterData: true, attributes: true });
    for (const node of [...document.documentElement.childNodes]) node.remove();
  }

  write(text) {
    this.#source.write(text);
    for (const { type, target, addedNodes, removedNodes } of this.#observer.takeRecords()) {
      if (type === 'characterData') this.#copyText(target);
      if (type === 'attributes') this.#copyAttributes(target);
      for (const node of removedNodes) if (node.parentNode === null) this.#copies.get(node)?.remove();
      for (const node of addedNodes) this.#place(node);
    }
  }

  // Its place is after the copy of the node before: whatever is left out has a comment there.
  #place(node) {
    if (node.parentNode === this.#source) return node.nodeType === 1 && this.#copyRoot(node);
    const parent = this.#copies.get(node.parentNode);
    if (parent?.nodeType !== 1) return;
    const copy = this.#copies.get(node) ?? this.#copy(node);
    const before = node.previousSibling && this.#copies.get(node.previousSibling);
    if (before?.parentNode === parent) before.after(copy);
    else parent.prepend(copy);
  }

  #copyRoot(root) {
    this.#copies.set(root, document.documentElement);
    for (const name of attributeNames(document.documentElement)) document.documentElement.removeAttribute(name);
    this.#copyAttributes(root);
  }

  #copy(node) {
    const copy = node.nodeType === 3 ? document.createTextNode(this.#textOf(node)) : this.#copyElement(node);
    this.#copies.set(node, copy);
    if (copy.nodeType === 1) this.#copyAttributes(node);
    return copy;
  }

  #copyElement(node) {
    const style = node.localName === 'link' ? this.files.styleOf(node) : null;
    if (style !== null) return this.#styleElement(style);
    if (node.nodeType !== 1 || isUnused(node) || LEFT_OUT.has(node.localName)) return document.createComment('');
    try {
      return document.createElementNS(node.namespaceURI, node.localName);
    } catch {
      // The parser allows names that this doesn't.
      return document.createElement('span');
    }
  }

  #styleElement(css) {
    const style = document.createElement('style');
    style.textContent = css;
    return style;
  }

  #copyText(node) {
    const copy = this.#copies.get(node);
    if (copy?.nodeType === 3) copy.data = this.#textOf(node);
  }

  #textOf(node) {
    return node.parentNode?.localName === 'style' ? this.files.style(node.data) : node.data;
  }

  #copyAttributes(node) {
    const copy = this.#copies.get(node);
    if (copy?.nodeType !== 1) return;
    for (const { namespaceURI, name, value } of node.attributes) {
      if (NOT_COPIED.test(name)) continue;
      try {
        copy.setAttributeNS(namespaceURI, name, value);
      } catch {
        // A name that only the parser allows.
      }
    }
    if (!this.files.isEmpty && copy.localName !== 'style') this.files.show(copy);
  }
}

// Where the page is scrolled to is told to the builder: the whole page begins there.
function followEnd(port) {
  let isFollowing = true;
  let touched = Number.NEGATIVE_INFINITY;
  for (const type of ['wheel', 'touchmove', 'pointerdown', 'keydown']) addEventListener(type, () => { touched = performance.now(); }, { capture: true, passive: true });
  addEventListener('scroll', () => {
    if (performance.now() - touched < TOUCH) isFollowing = document.documentElement.scrollHeight - scrollY - innerHeight < AT_END;
    port.postMessage({ x: Math.round(scrollX), y: Math.round(scrollY), isFollowing });
  }, { passive: true });
  return {
    written() {
      if (isFollowing) scrollTo({ top: document.documentElement.scrollHeight, behavior: prefersCalm() ? 'instant' : 'smooth' });
    },
  };
}
