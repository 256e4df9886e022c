import { markdown } from './markdown.js';

const PAGE_START = '<!doctype html';
// Spaces of one line: with line ends, each line would be read to the end of all blank ones that follow.
const HUNK = /^[^\S\n\r\u2028\u2029]*<{5,9} ?SEARCH[ \t]*$/m;

/**
 * Split an answer into its top-level blocks, in order.
 *
 * block = {kind: 'markdown' | 'page' | 'edits' | 'mark', type, start, end, source, html?, code?, path?, closed?}; offsets are UTF-16 units. A
 * fenced ```html block that holds a whole document is a `page`, an ```edit block holds `edits` of one, and an ```again block is the `mark`
 * behind changes that didn't fit; `closed` says whether a fence's end has arrived.
 */
export function splitBlocks(text) {
  const lines = lineOffsets(text);
  const tokens = markdown.parse(text, {}).filter((token) => token.level === 0 && token.map && token.nesting >= 0);
  return tokens.map((token) => {
    const [first, last] = token.map;
    const start = lines[first];
    const end = lines[last] ?? text.length;
    const source = text.slice(start, end);
    const block = { kind: 'markdown', type: token.type, start, end, source };
    if (token.type !== 'fence') return block;
    block.closed = hasClosingFence(source, token.markup);
    const [kind] = token.info.trim().toLowerCase().split(/[\s:]/);
    if (kind === 'again') return { ...block, kind: 'mark', code: token.content };
    if (kind === 'edit' || (kind === 'html' && HUNK.test(token.content))) return { ...block, kind: 'edits', code: token.content, path: pathIn(token.info) };
    return isPage(token.info, token.content) ? { ...block, kind: 'page', html: token.content, path: pathIn(token.info) } : block;
  });
}

const pathIn = (info) => /^(?:html|edit)[ \t]+(\S+)/i.exec(info)?.[1] ?? null;

// Blocks that end with their own last line, and blocks that a blank line ends. A list may continue after a blank line.
const ENDS_ITSELF = new Set(['heading_open', 'hr']);
const ENDS_AT_BLANK = new Set(['paragraph_open', 'table_open', 'blockquote_open']);

/** The length of the text whose blocks can't change any more when more text is appended; counts whole lines only. */
export function stableLength(text) {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const last = splitBlocks(whole).at(-1);
  if (!last) return 0;
  const isOver = last.closed || ENDS_ITSELF.has(last.type) || (ENDS_AT_BLANK.has(last.type) && last.end < whole.length);
  return isOver ? whole.length : last.start;
}

/** The hunks of a block of edits, in order: what each looks for, and what it puts there. */
export function hunksIn(code) {
  const hunks = [];
  let hunk = null;
  for (const line of code.split(/(?<=\n)/)) {
    if (hunk === null) hunk = /^<{5,9} ?SEARCH[ \t]*\n/.test(line) ? { find: '', replace: null } : null;
    else if (hunk.replace === null && /^={7}[ \t]*\n/.test(line)) hunk.replace = '';
    else if (hunk.replace === null) hunk.find += line;
    else if (/^>{5,9} ?REPLACE/.test(line)) {
      hunks.push(hunk);
      hunk = null;
    } else hunk.replace += line;
  }
  return hunks;
}

const SAID = { page: 'A page.', edits: 'Changes to the page.', mark: '' };

/** An answer as plain text, for screen readers and search results. */
export function plainText(text) {
  return splitBlocks(text)
    .map((block) => SAID[block.kind] ?? block.source.replace(/[`*_#>|]/g, ''))
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
}

function isPage(info, content) {
  if (!/^html?\b/i.test(info.trim())) return false;
  const head = content.trimStart().slice(0, 400).toLowerCase().replace(/^(<!--.*?-->\s*)+/s, '');
  if (head.length < PAGE_START.length) return PAGE_START.startsWith(head) || '<html'.startsWith(head.slice(0, 5));
  return head.startsWith(PAGE_START) || head.startsWith('<html');
}

function hasClosingFence(source, markup) {
  const lines = source.trimEnd().split('\n');
  const last = lines.at(-1).trim();
  return lines.length > 1 && last.startsWith(markup) && /^(`+|~+)$/.test(last);
}

function lineOffsets(text) {
  const offsets = [0];
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) offsets.push(i + 1);
  return offsets;
}
