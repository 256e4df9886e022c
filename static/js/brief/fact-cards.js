import { h, icon } from '../ui/dom.js';
import { toastError, toastWithUndo } from '../ui/toasts.js';
import { factsIn, hasLine } from './lines.js';

/** Show lines like "Remember: closed on Mondays" as cards with a button that adds the fact to the brief. */
export function offerFacts(node, brief) {
  for (const text of node.querySelectorAll('p, li:not(:has(p, li))')) {
    const facts = factsIn(text.textContent);
    if (!facts.length) continue;
    const cards = facts.map((fact) => card(fact, brief));
    const isAll = facts.length === text.textContent.split('\n').filter((line) => line.trim()).length;
    if (text.matches('li')) text.replaceChildren(...cards);
    else if (isAll) text.replaceWith(...cards);
    else text.after(...cards);
  }
}

function card(fact, brief) {
  const end = h('span', { class: 'fact-end' });
  const draw = () => end.replaceChildren(hasLine(brief.text, fact) ? known() : button);
  const button = h('button', { type: 'button', class: 'button small', onclick: () => add(fact, brief, button).then(draw) }, icon('plus'), 'Add to the brief');
  draw();
  brief.load().then(draw, () => {});
  return h('div', { class: 'fact-card', role: 'group', 'aria-label': 'For the brief' }, icon('clipboard'), h('p', {}, fact), end);
}

function known() {
  return h('span', { class: 'fact-known' }, icon('check'), 'In the brief');
}

async function add(fact, brief, button) {
  button.disabled = true;
  try {
    await brief.add(fact);
    toastWithUndo('Added to the brief.', () => brief.remove(fact));
  } catch (error) {
    toastError(error);
  }
  button.disabled = false;
}
