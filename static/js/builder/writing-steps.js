import { plainText } from './preview-messages.js';

const LONGEST = 40;
const NOT_MARKUP = /<(style|script)\b[^<>]*>[\s\S]*?(?:<\/\1\s*>|$)|<!--[\s\S]*?(?:-->|$)/gi;
const PARTS = /<(style|header|nav|section|aside|footer|form|h[1-3])\b([^<>]{0,600})>/gi;
const NAMES = { style: 'Colours and type', header: 'Header', nav: 'Navigation', footer: 'Footer', form: 'Form' };

/** The names of a page's parts, in the order in which its text so far begins them; at least one. */
export function stepsIn(html) {
  const markup = html.replace(NOT_MARKUP, (_all, element) => (element?.toLowerCase() === 'style' ? '<style>' : ''));
  const steps = ['The beginning'];
  // A part without a name gets that of its first heading.
  let isNameless = false;
  for (const { 0: tag, 1: element, 2: attributes, index } of markup.matchAll(PARTS)) {
    const kind = element.toLowerCase();
    const isHeading = kind.startsWith('h') && kind.length === 2;
    if (isHeading && !isNameless) continue;
    const name = isHeading ? headingAt(markup, index + tag.length) : (named(attributes) ?? NAMES[kind]);
    isNameless = !name;
    if (name && name !== steps.at(-1)) steps.push(name);
  }
  return steps.length > 1 ? steps.slice(1) : steps;
}

function named(attributes) {
  const label = attributeIn('aria-label', attributes);
  if (label) return label;
  const words = attributeIn('id', attributes)?.replace(/[-_]+/g, ' ').trim();
  return words?.length > 2 ? words[0].toUpperCase() + words.slice(1) : null;
}

function attributeIn(name, attributes) {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i').exec(attributes);
  return plainText(found?.[1] ?? found?.[2] ?? found?.[3] ?? '', LONGEST) || null;
}

function headingAt(markup, start) {
  const [heading] = markup.slice(start, start + 300).split(/<\/h[1-3]/i);
  return plainText(heading.replace(/<[^<>]*>?/g, ' ').replace(/\s+/g, ' ').trim(), LONGEST) || null;
}
