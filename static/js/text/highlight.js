import { sanitizeHtml } from './sanitize.js';

let loading = null;

/** Highlight a `<code class="language-…">`; the highlighter is loaded on first use. */
export async function highlight(code) {
  const language = /language-([\w+-]+)/.exec(code.className)?.[1];
  if (!language || code.dataset.highlighted) return;
  loading ??= import('./languages.js');
  const { hljs } = await loading;
  if (!hljs.getLanguage(language)) return;
  code.innerHTML = sanitizeHtml(hljs.highlight(code.textContent, { language, ignoreIllegals: true }).value);
  code.dataset.highlighted = 'yes';
}
