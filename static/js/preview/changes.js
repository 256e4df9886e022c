// What differs between two versions of a page, told by hashes: a frame gives the builder those of its elements, and the
// next version's frame gets them from it.

const MOST = 5_000;
const SKIPPED = new Set(['script', 'style', 'template', 'noscript', 'head']);
/** Of an element with less than this share of known text, all is new. */
const KNOWN_SHARE = 0.15;

/** An element and what is in it: {element, hash, size (characters of text), children}. */
export function shapeOf(element) {
  const shape = { element, hash: textHash(element.localName), size: 0, children: [] };
  for (const { name, value } of element.attributes) shape.hash = mixed(shape.hash, textHash(`${name}=${value}`));
  for (const node of element.childNodes) {
    if (node.nodeType === 3) addText(shape, node.data.trim());
    else if (node.nodeType === 1 && !SKIPPED.has(node.localName)) addChild(shape, shapeOf(node));
  }
  return shape;
}

function addText(shape, text) {
  if (!text) return;
  shape.size += text.length;
  shape.hash = mixed(shape.hash, textHash(text));
}

function addChild(shape, child) {
  shape.children.push(child);
  shape.size += child.size;
  shape.hash = mixed(shape.hash, child.hash);
}

/** The hashes of an element and all in it, outer ones first; not more than the builder takes. */
export function hashesOf(shape) {
  const parts = [shape];
  for (let at = 0; at < parts.length && parts.length < MOST; at++) parts.push(...parts[at].children);
  return parts.slice(0, MOST).map(({ hash }) => hash);
}

/** What a version with those hashes lacks: the smallest `parts` that hold what is new, and whether the page `isAllNew`. */
export function changesIn(shape, hashes) {
  const before = new Set(hashes);
  const known = new Map();
  const measure = (part) => {
    const size = before.has(part.hash) ? part.size : part.children.reduce((sum, child) => sum + measure(child), 0);
    known.set(part, size);
    return size;
  };
  measure(shape);
  const look = (part) => {
    if (before.has(part.hash)) return [];
    if (known.get(part) < part.size * KNOWN_SHARE) return [part];
    const inner = part.children.flatMap(look);
    return inner.length ? inner : [part];
  };
  return { parts: look(shape), isAllNew: known.get(shape) < shape.size * KNOWN_SHARE };
}

// FNV-1a, 32 bits.
function textHash(text) {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

const mixed = (hash, other) => Math.imul(hash ^ (other + 0x9e3779b9 + (hash << 6)), 0x01000193) >>> 0;
