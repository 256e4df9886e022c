import { attempt, attribute, attributeNames, isUnused, removeAttribute } from './elements.js';

const TYPES = /^(|module|(text|application)\/(x-)?(java|ecma)script)$/i;
const KEEP = 'keepPreviewScope';

export const isScript = (element) => element.localName === 'script' && !attribute(element, 'src') && TYPES.test(attribute(element, 'type') ?? '');

/** Take the handlers out of an element's attributes: {element, name, code}. */
export function takeHandlers(element) {
  const names = attributeNames(element).filter((name) => name.startsWith('on'));
  return names.map((name) => {
    const code = attribute(element, name);
    removeAttribute(element, name);
    return { element, name, code };
  });
}

// Scripts share what they declare with let, const and class: each is evaluated in the scope of the one before.
// biome-ignore lint/security/noGlobalEval: the only way to run scripts that leaves frames without any
let scope = eval;

/** Run the page's scripts and handlers, and those that they add later. */
export function run(scripts, handlers) {
  Object.defineProperty(window, KEEP, { value: (next) => { scope = next; } });
  watch();
  for (const script of scripts) {
    document.write = (...texts) => script.insertAdjacentHTML('beforebegin', texts.join(''));
    attempt(() => evaluate(script.text, attribute(script, 'type')?.toLowerCase() === 'module'));
  }
  delete document.write;
  handlers.forEach(handle);
}

function evaluate(code, isModule) {
  if (isModule) scope(`(async function () { 'use strict'; ${code}\n})()`);
  else scope(`${KEEP}((code) => eval(code));${code}`);
}

function handle({ element, name, code }) {
  if (name in element) attempt(() => { element[name] = scope(`(function (event) { with (document) with (this) { ${code}\n} })`); });
}

// What scripts add later: their handlers work, and frames, in which nothing could run, are taken out.
function watch() {
  const look = (element) => {
    if (isUnused(element)) element.remove();
    else takeHandlers(element).forEach(handle);
  };
  new MutationObserver((records) => {
    for (const { type, target, addedNodes } of records) {
      if (type === 'attributes') look(target);
      for (const node of addedNodes) if (node instanceof Element) [node, ...node.querySelectorAll('*')].forEach(look);
    }
  }).observe(document, { subtree: true, childList: true, attributes: true });
}
