// What the frame of a page says may be forged: numbers and short plain texts are taken, and nothing else.

const FARTHEST = 10_000_000;
const LONGEST = 2_000;
const LONGEST_PROBLEM = 200;
const MOST_HASHES = 5_000;
const KINDS = new Set(['mail', 'phone', 'outside', 'site', 'file', 'form', 'files', 'other']);

/** Read a message of a preview's frame: {type, …}, or null when it is none. */
export function readMessage(data) {
  if (typeof data !== 'object' || data === null) return null;
  const { preview: type } = data;
  if (type === 'alive' || type === 'left' || type === 'drag') return { type };
  if (type === 'page') return { type, hasScripts: data.hasScripts === true, hashes: hashesIn(data.hashes) };
  if (type === 'scroll' || type === 'placed') return { type, ...placeIn(data) };
  if (type === 'problem') return { type, text: plainText(data.text, LONGEST_PROBLEM) };
  if (type === 'key') return { type, isDown: data.isDown === true };
  if (type === 'link') return { type, kind: KINDS.has(data.kind) ? data.kind : 'other', address: plainText(data.address, LONGEST) };
  return null;
}

/** Tell a preview's frame something; it is of no origin, so it can't be named. */
export function tell(frame, message) {
  frame.contentWindow?.postMessage(message, '*');
}

/** Where a frame is scrolled to, as numbers that can be scrolled to. */
export function placeIn({ x, y }) {
  return { x: pixels(x), y: pixels(y) };
}

const pixels = (number) => (Number.isFinite(number) ? Math.min(Math.max(number, 0), FARTHEST) : 0);

function hashesIn(hashes) {
  return Array.isArray(hashes) ? hashes.slice(0, MOST_HASHES).filter((hash) => Number.isInteger(hash)) : [];
}

/** A text without control characters and marks of direction, cut to a length. */
export function plainText(text, length) {
  if (typeof text !== 'string') return '';
  const plain = text.slice(0, length).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return text.length > length ? `${plain}…` : plain;
}

/** The address of an outside link as it may be opened, null if it may not: http and https alone, without a sign-in. */
export function addressToOpen(text) {
  try {
    const url = new URL(text);
    if (!/^https?:$/.test(url.protocol) || text.endsWith('…')) return null;
    Object.assign(url, { username: '', password: '' });
    return url.href;
  } catch {
    return null;
  }
}
