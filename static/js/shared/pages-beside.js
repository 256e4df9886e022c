import { fileSize } from '../text/file-size.js';
import { splitBlocks } from '../text/page-blocks.js';
import { markdownHtml } from '../text/sanitize.js';
import { find, h, icon } from '../ui/dom.js';
import { PageFrame } from './page-frame.js';

/**
 * Render the messages of a shared chat, whose Markdown the server sends, with a card for each page; the page that was written last is
 * shown beside the chat.
 */
export function showPagesBeside(layout) {
  const beside = find('.shared-preview', layout);
  const frame = new PageFrame(find('iframe', beside), find('[data-run-scripts]', beside));
  const cards = [];

  const show = (card) => {
    beside.hidden = false;
    layout.classList.add('has-page');
    for (const other of cards) other.button.setAttribute('aria-pressed', String(other === card));
    find('.shared-preview-title', beside).textContent = card.title;
    find('[data-open-page]', beside).href = card.path;
    frame.show(card.path);
  };

  const pageCard = (block, message, number) => {
    const card = { title: `Page ${cards.length + 1}`, path: `/preview/shared-chats/${layout.dataset.token}/${message.dataset.seq}/${number}` };
    const view = () => {
      show(card);
      beside.scrollIntoView({ block: 'nearest' });
    };
    card.button = h('button', { type: 'button', class: 'button small', 'aria-pressed': 'false', onclick: view }, icon('eye'), 'View');
    cards.push(card);
    return h('section', { class: 'page-card', 'aria-label': card.title },
      h('div', { class: 'page-card-row' }, h('span', { class: 'page-card-mark' }, icon('page')),
        h('div', { class: 'page-card-text' }, h('p', { class: 'page-card-title' }, card.title), h('p', { class: 'page-card-detail' }, fileSize(block.html))), card.button));
  };

  for (const message of layout.querySelectorAll('.shared-message')) {
    const text = find('[data-markdown]', message);
    if (!text) continue;
    let pages = 0;
    const nodes = splitBlocks(text.textContent).map((block) => {
      if (block.kind === 'page' && block.closed) return pageCard(block, message, pages++);
      if (block.kind === 'page') return h('p', { class: 'block hint' }, 'Here the helper wrote a page, which is not finished.');
      if (block.kind === 'mark') return '';
      if (block.kind === 'edits') return h('details', { class: 'block page-card page-card-source' }, h('summary', {}, 'Changes to the page'), h('pre', { tabindex: 0 }, block.code));
      const node = h('div', { class: 'block' });
      node.innerHTML = markdownHtml(block.source);
      return node;
    });
    text.replaceChildren(...nodes);
    text.classList.add('rendered');
  }
  if (cards.length) show(cards.at(-1));
}
