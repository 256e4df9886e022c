// Markup of the page can hide methods and properties of forms and of the document behind elements of the same name.
const call = (method) => Function.prototype.call.bind(method);
export const [attributeNames, attribute, setAttribute, removeAttribute] = ['getAttributeNames', 'getAttribute', 'setAttribute', 'removeAttribute'].map((name) => call(Element.prototype[name]));

const UNUSED = new Set(['iframe', 'frame', 'object', 'embed', 'applet', 'portal', 'fencedframe', 'base', 'link']);

/** Whether an element is left out of previews: frames, and what loads something or leads elsewhere. */
export const isUnused = (element) => UNUSED.has(element.localName) || (element.localName === 'meta' && element.hasAttribute('http-equiv'));

export const prefersCalm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** Run a task; report an error in the console and go on. */
export function attempt(task) {
  try {
    task();
  } catch (error) {
    reportError(error);
  }
}
