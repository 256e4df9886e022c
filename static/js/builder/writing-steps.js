import { plainText } from './preview-messages.js';

const LONGEST = 40;
const NOT_MARKUP = /<(style|script)\b[^<>]*>[\s\S]*?(?:<\/\1\s*>|$)|<!--[\s\S]*?(?:-->|$)/gi;
const PARTS = /<(style|header|nav|section|aside|footer|form|h[1-3])\b([^<>]{0,600})>/gi;
const NAMES = { style: 'Colours and type', header: 'Header', nav: 'Menu', footer: 'Footer', form: 'Form' };
/** Also the words of whoever writes pages: a person who has one made knows them by what is in them. */
const SAY_NOTHING = new Set(`app aside banner block body bottom box col column container content cta end faq first footer form global grid
  group header hero inner item jumbotron last layout left main nav navbar navigation outer page panel part primary right root row second
  secondary sect section site skip start teaser third top usp wrap wrapper`.split(/\s+/));

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
    const name = isHeading ? headingAt(markup, index + tag.length) : nameOf(kind, attributes);
    isNameless = !name;
    if (name && name !== steps.at(-1)) steps.push(name);
  }
  return steps.length > 1 ? steps.slice(1) : steps;
}

function nameOf(kind, attributes) {
  if (kind === 'header' || kind === 'nav' || kind === 'footer') return NAMES[kind];
  const id = attributeIn('id', attributes)?.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/[-_]+/g, ' ').trim().toLowerCase();
  const name = [attributeIn('aria-label', attributes), id].find(saysSomething);
  return name ? name[0].toUpperCase() + name.slice(1) : NAMES[kind];
}

function saysSomething(name) {
  const words = name?.toLowerCase().match(/\p{L}{3,}/gu) ?? [];
  return words.some((word) => !SAY_NOTHING.has(word));
}

function attributeIn(name, attributes) {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i').exec(attributes);
  return plainText(found?.[1] ?? found?.[2] ?? found?.[3] ?? '', LONGEST) || null;
}

function headingAt(markup, start) {
  const [heading] = markup.slice(start, start + 300).split(/<\/h[1-3]/i);
  return plainText(heading.replace(/<[^<>]*>?/g, ' ').replace(/\s+/g, ' ').trim(), LONGEST) || null;
}
