import { splitBlocks } from './text/page-blocks.js';
import { markdownHtml } from './text/sanitize.js';
import { h } from './ui/dom.js';

// The server sends the Markdown source of each answer; it is rendered here. A page is replaced by a note instead of its code.
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
