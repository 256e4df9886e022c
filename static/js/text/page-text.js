import { decoded } from './entities.js';

// Each alternative ends at the next "<" or at the text's end, so that the time grows with the length.
const MARKUP = /<!--[\s\S]*?(?:-->|$)|<(script|style)\b[^<>]*>[\s\S]*?(?:<\/\1\s*>|$)|<\/?[a-z][^<>]*>/gi;
const SAID = /\b(?:href|alt|title|placeholder|value|content|aria-label)\s{0,4}=\s{0,4}(?:"([^"]{0,500})"|'([^']{0,500})')/gi;

/** What a page says in its text, and in the attributes of its links, pictures and fields. */
export function pageText(html) {
  const said = [...html.matchAll(SAID)].map(([, double, single]) => double ?? single);
  // Both ways: elements may part what belongs together, and join what doesn't.
  return decoded([html.replace(MARKUP, ' '), html.replace(MARKUP, ''), ...said].join('\n'));
}
