import DOMPurify from 'dompurify';
import { renderMarkdown } from './markdown.js';

const RULES = { RETURN_TRUSTED_TYPE: true, USE_PROFILES: { html: true }, FORBID_TAGS: ['style', 'form', 'input', 'img', 'video', 'audio'], FORBID_ATTR: ['style', 'id', 'name'], ADD_ATTR: ['target'] };

/** Render Markdown to sanitised HTML, as a TrustedHTML where the browser has Trusted Types. */
export function markdownHtml(source) {
  return DOMPurify.sanitize(renderMarkdown(source), RULES);
}

export function sanitizeHtml(html) {
  return DOMPurify.sanitize(html, RULES);
}
