import { splitBlocks } from './text/page-blocks.js';
import { markdownHtml } from './text/sanitized.js';
import { h } from './ui/dom.js';

// The server sends an answer's text as it is; here it becomes prose. A page is named instead of shown as a wall of code.
for (const text of document.querySelectorAll('[data-markdown]')) {
  const blocks = splitBlocks(text.textContent).map((block) => {
    if (block.kind === 'page') return h('p', { class: 'block hint' }, 'Here the helper wrote a page.');
    const node = h('div', { class: 'block' });
    node.innerHTML = markdownHtml(block.source);
    return node;
  });
  text.replaceChildren(...blocks);
  text.classList.add('rendered');
}
