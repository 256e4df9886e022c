import { countCodePoints } from '../text/code-points.js';
import { h } from '../ui/dom.js';
import { MAX_MESSAGE_LENGTH } from './composer.js';

/** An editor for a sent message: Enter sends the new text as an alternative, Escape cancels. */
export function questionEditor(content, { send, close }) {
  const box = h('textarea', { class: 'question-editor', 'aria-label': 'Your message in other words', rows: 1, enterkeyhint: 'send' });
  box.value = content;
  const submit = (event) => {
    event.preventDefault();
    const text = box.value.trim();
    if (text && countCodePoints(text) <= MAX_MESSAGE_LENGTH) send(text);
  };
  box.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close();
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) submit(event);
  });
  return h('form', { class: 'question-edit', onsubmit: submit }, box,
    h('div', { class: 'question-edit-foot' },
      h('p', {}, 'What you asked before, and its answer, are kept.'),
      h('button', { type: 'button', class: 'button small quiet', onclick: close }, 'Cancel'),
      h('button', { type: 'submit', class: 'button small primary' }, 'Ask again')));
}
