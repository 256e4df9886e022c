import { isElement, isText, nodesIn } from './natives.js';

/** An element before it is typed in: the elements in it, and its texts before, between and behind them. */
export function snapshot(page, element) {
  const { elements, texts } = split(element);
  return { element, number: page.numberOf(element), children: elements.map((each) => snapshot(page, each)), texts };
}

/**
 * What is in an element now: a number for each element that is as it was, [number, parts] for another; a text for each text that was
 * changed, and -1, -2, … for the first, second, … of those that weren't. Null when nothing was changed.
 */
export function partsOf(before) {
  const { elements, texts } = split(before.element, new Set(before.children.map(({ element }) => element)));
  const places = elements.map((each) => before.children.findIndex(({ element }) => element === each));
  const parts = [];
  for (const [at, text] of texts.entries()) {
    const previous = at ? places[at - 1] : -1;
    const next = places[at] ?? before.children.length;
    const isKept = next === previous + 1 && text === before.texts[next];
    parts.push(isKept ? -1 - next : typed(text, before));
    if (at < places.length) parts.push(partOf(before.children[places[at]]));
  }
  const isUnchanged = elements.length === before.children.length && parts.every(Number.isInteger);
  return isUnchanged ? null : parts;
}

function partOf(before) {
  const parts = partsOf(before);
  return parts === null ? before.number : [before.number, parts];
}

// What the browser puts in by itself, such as a line break, is no element of the page.
function split(element, known = null) {
  const elements = [];
  const texts = [''];
  for (const node of nodesIn(element)) {
    if (isElement(node) && (!known || known.has(node))) {
      elements.push(node);
      texts.push('');
    } else if (isElement(node)) texts[texts.length - 1] += ` ${node.textContent}`;
    else if (isText(node)) texts[texts.length - 1] += node.data;
  }
  return { elements, texts };
}

// Browsers write a space at an end, or beside another, as one that doesn't break.
function typed(text, { texts }) {
  return texts.some((each) => each.includes('\u00a0')) ? text : text.replaceAll('\u00a0', ' ');
}
