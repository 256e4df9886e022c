import { countCodePoints } from '../text/code-points.js';
import { openDialog } from '../ui/dialogs.js';
import { h, icon } from '../ui/dom.js';
import { toastError } from '../ui/toasts.js';
import { MAX_BRIEF_LENGTH } from './brief.js';

const OUTLINE = ['Name', 'What we do', 'Opening hours', 'Prices', 'Address', 'Phone and e-mail', 'Links', 'Tone of voice', 'Colours', 'Never say or show'].map((label) => `${label}: `).join('\n');

/** Show the brief, which is saved as it is typed. */
export async function openBrief(brief) {
  try {
    await brief.load({ isAgain: true });
  } catch (error) {
    toastError(error);
    return;
  }
  const box = h('textarea', { class: 'input brief-box', id: 'brief-text', rows: 12, autofocus: true, 'aria-describedby': 'brief-about brief-count', placeholder: 'Open Tuesday to Sunday, 8 to 18.\nWarm and plain. Never use the word “artisanal”.' });
  const count = h('span', { id: 'brief-count' });
  const status = h('span', { role: 'status' });
  const outline = h('button', { type: 'button', class: 'button small', onclick: () => begin(box, brief) }, icon('plus'), 'Start from an outline');
  const draw = () => {
    if (box.value !== brief.text) box.value = brief.text;
    count.textContent = `${countCodePoints(brief.text).toLocaleString('en')} of ${MAX_BRIEF_LENGTH.toLocaleString('en')} characters`;
    count.classList.toggle('is-over', brief.isTooLong);
    status.textContent = statusOf(brief);
    outline.hidden = Boolean(brief.text.trim());
  };
  box.addEventListener('input', () => brief.write(box.value));
  brief.addEventListener('change', draw);
  draw();
  await openDialog('The brief', (close) => [
    h('p', { id: 'brief-about' }, 'What your website is about: facts, tone, colours, what to avoid. Every helper reads it before every answer.'),
    h('div', { class: 'field brief-field' }, h('label', { class: 'visually-hidden', for: 'brief-text' }, 'Brief'), box, outline,
      h('p', { class: 'brief-foot' }, count, status)),
    h('div', { class: 'dialog-actions' }, h('button', { type: 'button', class: 'button primary', onclick: () => close(null) }, 'Done')),
  ]);
  brief.removeEventListener('change', draw);
}

function begin(box, brief) {
  brief.write(OUTLINE);
  const end = OUTLINE.indexOf('\n');
  box.focus();
  box.setSelectionRange(end, end);
}

function statusOf(brief) {
  if (brief.isTooLong) return 'Too long to be saved. It is kept in this browser.';
  if (brief.problem) return `Not saved yet, kept in this browser. ${brief.problem.message}`;
  if (!brief.isSaved) return 'Saving…';
  if (brief.isMerged) return 'Saved, with what was changed elsewhere';
  return brief.text ? 'Saved' : '';
}
