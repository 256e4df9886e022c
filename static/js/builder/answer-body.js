import { settledLength, splitBlocks } from '../text/page-blocks.js';
import { markdownHtml } from '../text/sanitized.js';
import { highlight } from '../text/highlight.js';
import { copyText } from '../ui/copy.js';
import { h, icon } from '../ui/dom.js';
import { createPageCard } from './page-card.js';

/**
 * The text of an answer on the page, growing.
 *
 * Blocks that more text can't change are rendered once and left alone, so that selecting text, screen readers and
 * long answers all survive streaming. Only the last block is rendered again.
 */
export class AnswerBody {
  element = h('div', { class: 'prose' });
  #settledText = '';
  #tail = [];
  #pages = [];
  #openCard = null;
  #wasOver = false;

  constructor(app) {
    this.app = app;
  }

  /** Whether a page is being written right now, and how much of it there is. */
  get openPage() {
    return this.#openCard?.html ?? null;
  }

  update(message) {
    const text = message.content;
    const isOver = message.status !== 'streaming';
    // An answer that goes on may go on inside what it broke off in: the end of it was not settled after all.
    if ((this.#wasOver && !isOver) || !text.startsWith(this.#settledText)) this.#reset();
    this.#wasOver = isOver;
    const tail = text.slice(this.#settledText.length);
    const boundary = isOver ? tail.length : settledLength(tail);
    this.#clearTail();
    for (const block of splitBlocks(tail)) this.#add(block, block.start < boundary);
    this.#settledText += tail.slice(0, boundary);
    if (isOver) this.#openCard = null;
    this.#updateCards(message);
  }

  #add(block, isSettled) {
    const node = block.kind === 'page' ? this.#card(block, isSettled) : prose(block, isSettled);
    this.element.append(node);
    if (!isSettled) this.#tail.push(node);
  }

  // The same card from the first character of a page to the last, or it would blink.
  #card(block, isSettled) {
    const card = this.#openCard ?? createPageCard(this.app);
    const known = this.#pages.find((page) => page.card === card);
    if (known) known.block = block;
    else this.#pages.push({ card, block });
    this.#openCard = isSettled ? null : card;
    return card.element;
  }

  #updateCards(message) {
    const last = this.#pages.filter((page) => page.block.closed).at(-1) ?? this.#pages.at(-1);
    for (const page of this.#pages) page.card.update(page.block, message, page === last);
  }

  #clearTail() {
    for (const node of this.#tail) if (node !== this.#openCard?.element) node.remove();
    this.#tail = [];
  }

  #reset() {
    this.#settledText = '';
    this.#tail = [];
    this.#pages = [];
    this.#openCard = null;
    this.element.replaceChildren();
  }
}

function prose(block, isSettled) {
  const node = h('div', { class: 'block' });
  node.innerHTML = markdownHtml(block.source);
  for (const pre of node.querySelectorAll('pre')) dressCode(pre, isSettled);
  for (const table of node.querySelectorAll('table')) {
    const frame = h('div', { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': 'Table' });
    table.replaceWith(frame);
    frame.append(table);
  }
  return node;
}

function dressCode(pre, isSettled) {
  const code = pre.firstElementChild;
  const language = /language-([\w+-]+)/.exec(code.className)?.[1] ?? 'text';
  const copy = h('button', { type: 'button', class: 'code-copy', onclick: () => copyText(code.textContent, 'Code copied') }, icon('copy'), 'Copy');
  const figure = h('figure', { class: 'code' }, h('figcaption', {}, h('span', {}, language), copy));
  pre.tabIndex = 0;
  pre.replaceWith(figure);
  figure.append(pre);
  if (isSettled) highlight(code);
}
