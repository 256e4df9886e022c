/** Control characters but line breaks and tabs, and halves of characters, which can't be stored. */
const NOT_TYPED = /(?![\n\t])\p{Cc}|\p{Cs}/gu;

/** The source of what is in an element, from the parts that the frame tells (inspector/parts.js); null when they aren't its own. */
export function contentOf(source, number, parts) {
  const children = source.childrenOf(number);
  const rest = new Set(children);
  const pieces = parts.map((part) => {
    if (typeof part === 'string') return escaped(part);
    if (part < 0) return gap(source, number, children, -1 - part);
    const [child, inner] = Array.isArray(part) ? part : [part, null];
    if (!rest.delete(child)) return null;
    return inner === null ? source.textOf(child) : rewritten(source, child, inner);
  });
  return pieces.includes(null) ? null : pieces.join('');
}

function rewritten(source, number, parts) {
  const content = contentOf(source, number, parts);
  const [start, contentStart, contentEnd, end] = source.places[number];
  return content === null ? null : source.text.slice(start, contentStart) + content + source.text.slice(contentEnd, end);
}

/** The text between two elements in an element, or at its beginning or end. */
function gap(source, number, children, at) {
  if (at > children.length) return null;
  const [, contentStart, contentEnd] = source.places[number];
  const start = at ? source.places[children[at - 1]][3] : contentStart;
  const end = at < children.length ? source.places[children[at]][0] : contentEnd;
  return source.text.slice(start, end);
}

function escaped(text) {
  return text.replace(NOT_TYPED, '').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\u00a0', '&nbsp;');
}
