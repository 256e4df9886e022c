import { placeIn } from '../builder/preview-messages.js';

// What the frame of edit mode says may be forged: numbers of elements, numbers and capped texts are taken, and nothing else.

const LONGEST_VALUE = 2_000;
const LONGEST_TYPED = 100_000;
const MOST_PARTS = 5_000;
const DEEPEST = 20;
const KEYS = new Set(['parent', 'undo', 'redo', 'up', 'down', 'remove', 'comment']);

/** Read a message of the inspector about a page with so many elements: {type, …}, or null when it is none. */
export function readMessage(data, size) {
  if (typeof data !== 'object' || data === null) return null;
  if (data.shown === true) return { type: 'shown' };
  if (typeof data.key === 'string') return KEYS.has(data.key) ? { type: 'key', key: data.key } : null;
  if (data.drag === true) return { type: 'drag' };
  if (typeof data.place === 'object' && data.place !== null) return { type: 'place', ...placeIn(data.place) };
  const number = (value) => (Number.isInteger(value) && value >= 0 && value < size ? value : null);
  if (number(data.typing) !== null) return { type: 'typing', number: number(data.typing) };
  if (number(data.typed) !== null) return { type: 'typed', number: number(data.typed), parts: partsIn(data.parts) };
  if (data.selected === null) return { type: 'selected', number: null };
  if (number(data.selected) !== null) return { type: 'selected', ...selection(data, number) };
  return null;
}

function selection(data, number) {
  const path = Array.isArray(data.path) ? data.path.slice(-DEEPEST).map(number).filter((each) => each !== null) : [];
  return {
    number: number(data.selected),
    path,
    previous: number(data.previous),
    next: number(data.next),
    canType: data.canType === true,
    href: value(data.href),
    alt: value(data.alt),
  };
}

/** A text that fits in a field whole, else null. */
function value(text) {
  return typeof text === 'string' && text.length < LONGEST_VALUE ? text.replace(/\p{Cc}+/gu, ' ') : null;
}

/** Parts of an element (inspector/parts.js), null when there are none, or too many, or too much text. */
function partsIn(data) {
  const rest = { characters: LONGEST_TYPED, parts: MOST_PARTS };
  const read = (parts, depth) => {
    if (!Array.isArray(parts) || depth > DEEPEST || parts.length > rest.parts) return null;
    rest.parts -= parts.length;
    const taken = [];
    for (const part of parts) {
      const one = readPart(part, depth);
      if (one === null) return null;
      taken.push(one);
    }
    return taken;
  };
  const readPart = (part, depth) => {
    if (Number.isSafeInteger(part)) return part;
    if (typeof part === 'string') {
      rest.characters -= part.length;
      return rest.characters < 0 ? null : part;
    }
    if (!Array.isArray(part) || part.length !== 2 || !Number.isSafeInteger(part[0]) || part[0] < 0) return null;
    const inner = read(part[1], depth + 1);
    return inner && [part[0], inner];
  };
  return read(data, 0);
}
