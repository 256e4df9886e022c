import { wanted } from './start/wanted.js';
import { find, h, icon } from './ui/dom.js';

const form = find('#start');
if (form) watchStartBox(form);
const note = find('#wanted-note');
if (note) showNote(note);

/** Keep what is typed on the start page; it never gets into an address. */
function watchStartBox(form) {
  const box = find('textarea', form);
  box.value ||= wanted.get() ?? '';
  const save = () => wanted.save(box.value);
  box.addEventListener('input', save);
  box.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener('submit', save);
  for (const chip of document.querySelectorAll('[data-wanted]')) {
    chip.addEventListener('click', () => {
      box.value = chip.dataset.wanted;
      save();
      box.focus();
    });
  }
}

/** Say on the sign-in pages what will be built, or let it be forgotten: it may be another person's. */
function showNote(note) {
  const text = wanted.get();
  if (!text) return;
  const forget = () => {
    wanted.forget();
    note.hidden = true;
  };
  note.hidden = false;
  note.replaceChildren(icon('check'), h('div', {}, h('p', {}, 'Kept in this browser. It is built as soon as you are in:'), h('blockquote', {}, text)),
    h('button', { type: 'button', class: 'button small quiet', onclick: forget }, 'Don’t build it'));
}
