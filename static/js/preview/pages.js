import { isUnused } from './elements.js';
import { isScript, takeHandlers } from './scripts.js';

// A page that is shown can hide it behind an element of that name.
const createTreeWalker = document.createTreeWalker.bind(document);

/** All elements of a parsed page, in its order. */
export function elementsIn(parsed) {
  const walker = createTreeWalker(parsed, NodeFilter.SHOW_ELEMENT);
  const elements = [];
  while (walker.nextNode()) elements.push(walker.currentNode);
  return elements;
}

/** Take out of a page's elements what previews leave out: handlers, frames, what loads or leads elsewhere; returns its {handlers, scripts}. */
export function clean(elements, { runsScripts }) {
  const handlers = elements.flatMap(takeHandlers);
  const scripts = elements.filter(isScript);
  for (const element of elements) {
    if (isUnused(element) || (runsScripts && element.localName === 'noscript')) element.remove();
    else if (element.localName === 'noscript') element.replaceWith(...element.childNodes);
  }
  return { handlers, scripts };
}
