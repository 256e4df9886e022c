import { plainText } from '../builder/preview-messages.js';
import { stepsIn } from '../builder/writing-steps.js';
import { decoded } from '../text/entities.js';

const TAG = /^<([a-z][^\s/>]*)/i;
const LONGEST = 32;
const READ = 4_000;
const KINDS = Object.entries({
  Heading: 'h1 h2 h3 h4 h5 h6',
  Text: 'p address pre small',
  Link: 'a',
  Button: 'button',
  Picture: 'img picture figure svg canvas',
  Video: 'video',
  Sound: 'audio',
  Section: 'section aside hgroup',
  'Main part': 'main',
  Card: 'article',
  Header: 'header',
  Footer: 'footer',
  Menu: 'nav menu',
  List: 'ul ol dl',
  'List item': 'li dt dd',
  Form: 'form fieldset',
  Field: 'input select textarea label',
  Table: 'table thead tbody tfoot',
  Row: 'tr',
  Cell: 'td th caption',
  Quote: 'blockquote q',
  Fold: 'details summary',
  Words: 'span strong em b i u s mark abbr cite code sub sup time data kbd',
  Line: 'hr',
}).flatMap(([kind, tags]) => tags.split(' ').map((tag) => [tag, kind]));
const KIND_OF = new Map(KINDS);
const NAMED = new Set(['Section', 'Form']);
/** What is in them says less than what they are. */
const PLAIN = new Set(['Header', 'Footer', 'Menu', 'Main part']);
const NOT_TEXT = /<(style|script)\b[\s\S]*?(?:<\/\1\s*>|$)|<!--[\s\S]*?(?:-->|$)|<[^<>]*>?/gi;

/** What an element is called: {kind, words}, such as Heading and “Fresh coffee”; words may be empty. */
export const labelOf = (source, number) => labelOfHtml(source.textOf(number));

/** What the element is called that an HTML text begins with. */
export function labelOfHtml(html) {
  const tag = TAG.exec(html)?.[1].toLowerCase() ?? '';
  const kind = KIND_OF.get(tag) ?? 'Block';
  if (PLAIN.has(kind)) return { kind, words: '' };
  const beginning = html.slice(0, READ);
  const [name] = NAMED.has(kind) ? stepsIn(beginning) : [];
  const isNamed = name && name !== 'The beginning' && name !== kind && name !== 'Colours and type';
  return { kind, words: isNamed ? name : plainText(textOf(beginning), LONGEST) };
}

export const spoken = ({ kind, words }) => (words ? `${kind} “${words}”` : kind);

const textOf = (html) => decoded(html.replace(NOT_TEXT, ' ')).replace(/\s+/g, ' ').trim();
