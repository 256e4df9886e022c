const NAME = /<[a-z][^\s/>]*/iy;
const ATTRIBUTE = /[\s/]*([^\s/>=][^\s/>=]*)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>"']*))?/y;

/** The attributes that a start tag spells: {name, value (as it is spelt), start, end}; the last two are of the whole attribute. */
function* attributesIn(tag) {
  NAME.lastIndex = 0;
  if (!NAME.test(tag)) return;
  ATTRIBUTE.lastIndex = NAME.lastIndex;
  for (let found = ATTRIBUTE.exec(tag); found; found = ATTRIBUTE.exec(tag)) {
    const start = found.index + found[0].indexOf(found[1]);
    yield { name: found[1].toLowerCase(), value: (found[2] ?? '').replace(/^(["'])(.*)\1$/s, '$2'), start, end: ATTRIBUTE.lastIndex };
  }
}

/** What a start tag says of an attribute, with its entities; null where it isn't there. */
export function attributeIn(tag, name) {
  for (const attribute of attributesIn(tag)) if (attribute.name === name) return attribute.value;
  return null;
}

/** A start tag with an attribute set to a value, or without it for null; what else it has stays as it is spelt. */
export function withAttribute(tag, name, value) {
  const spelt = value === null ? '' : `${name}="${value.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`;
  for (const { name: each, start, end } of attributesIn(tag)) {
    if (each !== name) continue;
    // Without the space before it.
    return value === null ? tag.slice(0, start).trimEnd() + tag.slice(end) : tag.slice(0, start) + spelt + tag.slice(end);
  }
  if (value === null) return tag;
  NAME.lastIndex = 0;
  NAME.test(tag);
  return `${tag.slice(0, NAME.lastIndex)} ${spelt}${tag.slice(NAME.lastIndex)}`;
}
