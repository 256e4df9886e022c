import { attributeIn, withAttribute } from '../pointing/start-tag.js';
import { countCodePoints } from '../text/code-points.js';
import { decoded } from '../text/entities.js';

const BODY = /<body[\s>]|<\/head[\s>]/i;
// Of a page without those tags.
const FIRST_OF_BODY = /<(?!html\b|head\b|meta\b|title\b|link\b|style\b|script\b|base\b)[a-z]/i;
const TITLE = /<title\b[^>]*>([\s\S]*?)<\/title\s*>/i;
const TAGS = /<(?:meta|link)\b(?:[^>"']|"[^"]*"|'[^']*')*>/gi;
// Where something that a page lacks is put: behind the first of these that it has.
const ANCHORS = [/<head\b[^>]*>/i, /<html\b[^>]*>/i, /<!doctype[^>]*>/i];

/** What a page's head says to search engines and in browsers' tabs: {title, description, icon (its address)}; '' for what it lacks. */
export function headOf(text) {
  const head = headIn(text);
  const description = tagIn(head, isDescription);
  const icon = tagIn(head, isIcon);
  return {
    title: plain(TITLE.exec(head)?.[1] ?? ''),
    description: plain((description && attributeIn(description.tag, 'content')) ?? ''),
    icon: decoded((icon && attributeIn(icon.tag, 'href')) ?? ''),
  };
}

/** The edits (of `POST /api/websites/<id>/edits`) that make a page's head say something else; what is undefined stays. */
export function headEdits(path, text, { title, description, icon }) {
  const head = headIn(text);
  const edits = [];
  const added = [];
  const replace = (start, found, replaced) => found !== replaced && edits.push(editOf(path, text, start, found, replaced));
  if (title !== undefined) {
    const found = TITLE.exec(head);
    const element = `<title>${escaped(title)}</title>`;
    if (found) replace(found.index, found[0], element);
    else added.push(element);
  }
  for (const [value, is, attribute, made] of [
    [description, isDescription, 'content', '<meta name="description">'],
    [icon, isIcon, 'href', '<link rel="icon">'],
  ]) {
    if (value === undefined) continue;
    const found = tagIn(head, is);
    if (!found) added.push(withAttribute(made, attribute, value));
    else replace(found.start, found.tag, withAttribute(withAttribute(found.tag, 'type', null), attribute, value));
  }
  if (added.length) edits.push(addition(path, text, head, added));
  return edits;
}

function addition(path, text, head, added) {
  const anchor = ANCHORS.map((pattern) => pattern.exec(head)).find(Boolean);
  if (anchor) return editOf(path, text, anchor.index, anchor[0], [anchor[0], ...added].join('\n'));
  const [first] = /\S+/.exec(text) ?? [''];
  return editOf(path, text, text.indexOf(first), first, [...added, first].join('\n'));
}

const headIn = (text) => text.slice(0, (BODY.exec(text) ?? FIRST_OF_BODY.exec(text))?.index ?? text.length);

function tagIn(head, is) {
  for (const { 0: tag, index: start } of head.matchAll(TAGS)) if (is(tag)) return { tag, start };
  return null;
}

const isDescription = (tag) => /^<meta/i.test(tag) && attributeIn(tag, 'name')?.toLowerCase() === 'description';
const isIcon = (tag) => /^<link/i.test(tag) && (attributeIn(tag, 'rel') ?? '').toLowerCase().split(/\s+/).includes('icon');

function editOf(path, text, at, find, replace) {
  const start = countCodePoints(text.slice(0, at));
  return { path, find, replace, start, end: start + countCodePoints(find) };
}

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const plain = (text) => decoded(text).replace(/\s+/g, ' ').trim();

/** The address of a file of the website as a page of a path may write it. */
export const addressFrom = (path, file) => '../'.repeat(path.split('/').length - 1) + file.split('/').map(encodeURIComponent).join('/');
