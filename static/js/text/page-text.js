// Each alternative ends at the next "<" or at the text's end, so that the time grows with the length.
const MARKUP = /<!--[\s\S]*?(?:-->|$)|<(script|style)\b[^<>]*>[\s\S]*?(?:<\/\1\s*>|$)|<\/?[a-z][^<>]*>/gi;
const SAID = /\b(?:href|alt|title|placeholder|value|content|aria-label)\s{0,4}=\s{0,4}(?:"([^"]{0,500})"|'([^']{0,500})')/gi;
const ENTITY = /&(?:#(\d{1,6})|#x([\da-f]{1,6})|([a-z]{2,8}));/gi;
const NAMED = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', euro: '€', pound: '£', yen: '¥', ndash: '–', mdash: '—', lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', auml: 'ä', ouml: 'ö', uuml: 'ü', szlig: 'ß', eacute: 'é', egrave: 'è', agrave: 'à', ccedil: 'ç', ntilde: 'ñ' };

/** What a page says in its text, and in the attributes of its links, pictures and fields. */
export function pageText(html) {
  const said = [...html.matchAll(SAID)].map(([, double, single]) => double ?? single);
  // Both ways: elements may part what belongs together, and join what doesn't.
  return decoded([html.replace(MARKUP, ' '), html.replace(MARKUP, ''), ...said].join('\n'));
}

function decoded(text) {
  return text.replace(ENTITY, (entity, decimal, hex, name) => {
    if (name) return NAMED[name] ?? NAMED[name.toLowerCase()] ?? entity;
    const point = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : entity;
  });
}
