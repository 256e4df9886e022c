import { offerFacts } from '../brief/fact-cards.js';
import { stableLength, splitBlocks } from '../text/page-blocks.js';
import { markdownHtml } from '../text/sanitize.js';
import { highlight } from '../text/highlight.js';
import { copyText } from '../ui/copy.js';
import { h, icon } from '../ui/dom.js';
import { offerSteps, showSwatches } from './next-steps.js';
import { createPageCard } from './page-card.js';

/**
 * The rendered text of an answer, also while it streams.
 *
 * Blocks that more text can't change ("stable") are rendered once, so that a text selection and a screen reader's place
 * survive streaming, and long answers stay fast. Only the last block is rendered again.
 */
export class AnswerBody {
  element = h('div', { class: 'prose' });
  #stableText = '';
  #tail = [];
  #pages = [];
  #openCard = null;
  #wasOver = false;
  /** How many marks there are in the stable text: what stands before the last one doesn't count. */
  #marks = 0;

  constructor(app) {
    this.app = app;
  }

  /** The page that is being written so far, {html, path}, else null. */
  get openPage() {
    return this.#openCard?.page ?? null;
  }

  update(message) {
    const text = message.content;
    const isOver = message.status !== 'streaming';
    // A continued answer may continue inside its last block, so render everything again.
    if ((this.#wasOver && !isOver) || !text.startsWith(this.#stableText)) this.#reset();
    this.#wasOver = isOver;
    const tail = text.slice(this.#stableText.length);
    const boundary = isOver ? tail.length : stableLength(tail);
    this.#clearTail();
    let marks = this.#marks;
    for (const block of splitBlocks(tail)) {
      const isStable = block.start < boundary;
      if (block.kind === 'mark') marks += 1;
      if (isStable) this.#marks = marks;
      this.#add(block, isStable, marks);
    }
    this.#stableText += tail.slice(0, boundary);
    if (isOver) this.#openCard = null;
    this.#updateCards(message, marks);
  }

  #add(block, isStable, round) {
    const isCard = block.kind === 'page' || block.kind === 'edits';
    const node = isCard ? this.#card(block, isStable, round) : block.kind === 'mark' ? mark(block) : prose(block, isStable);
    this.element.append(node);
    if (!isStable) this.#tail.push(node);
    else if (this.app.send) offerMore(node, this.app);
  }

  // Keep the same card while a page is being written: replacing it would flicker.
  #card(block, isStable, round) {
    const card = this.#openCard ?? createPageCard(this.app);
    const known = this.#pages.find((page) => page.card === card);
    if (known) known.block = block;
    else this.#pages.push({ card, block, round });
    this.#openCard = isStable ? null : card;
    return card.element;
  }

  #updateCards(message, marks) {
    const counted = this.#pages.filter(({ round }) => round === marks);
    const last = counted.filter((page) => page.block.closed).at(-1) ?? counted.at(-1);
    let number = 0;
    for (const { card, block, round } of this.#pages) {
      const isWhole = block.kind === 'page' && block.closed;
      card.update(block, message, { isLast: card === last?.card, isRepeated: round < marks, number: isWhole ? number++ : null });
    }
  }

  #clearTail() {
    for (const node of this.#tail) if (node !== this.#openCard?.element) node.remove();
    this.#tail = [];
  }

  #reset() {
    this.#stableText = '';
    this.#tail = [];
    this.#pages = [];
    this.#openCard = null;
    this.#marks = 0;
    this.element.replaceChildren();
  }
}

function mark({ code }) {
  return h('details', { class: 'block again' }, h('summary', {}, 'These changes didn’t fit the page; they were asked for again'), h('p', {}, code));
}

function offerMore(node, app) {
  offerSteps(node, (text) => app.send(text));
  if (app.brief) offerFacts(node, app.brief);
}

function prose(block, isStable) {
  const node = h('div', { class: 'block' });
  node.innerHTML = markdownHtml(block.source);
  showSwatches(node);
  for (const pre of node.querySelectorAll('pre')) addCodeHeader(pre, isStable);
  for (const table of node.querySelectorAll('table')) {
    const frame = h('div', { class: 'table-scroll', tabindex: 0, role: 'group', 'aria-label': 'Table' });
    table.replaceWith(frame);
    frame.append(table);
  }
  return node;
}

function addCodeHeader(pre, isStable) {
  const code = pre.firstElementChild;
  const language = /language-([\w+-]+)/.exec(code.className)?.[1] ?? 'text';
  const copy = h('button', { type: 'button', class: 'code-copy', onclick: () => copyText(code.textContent, 'Code copied') }, icon('copy'), 'Copy');
  const figure = h('figure', { class: 'code' }, h('figcaption', {}, h('span', {}, language), copy));
  pre.tabIndex = 0;
  pre.replaceWith(figure);
  figure.append(pre);
  if (isStable) highlight(code);
}
