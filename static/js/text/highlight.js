import { sanitized } from './sanitized.js';

let loading = null;

/** Colour a `<code class="language-…">`; the highlighter is fetched with the first code that needs it. */
export async function highlight(code) {
  const language = /language-([\w+-]+)/.exec(code.className)?.[1];
  if (!language || code.dataset.highlighted) return;
  loading ??= import('./languages.js');
  const { hljs } = await loading;
  if (!hljs.getLanguage(language)) return;
  code.innerHTML = sanitized(hljs.highlight(code.textContent, { language, ignoreIllegals: true }).value);
  code.dataset.highlighted = 'yes';
}
