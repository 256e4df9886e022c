import { upload } from '../net/upload.js';
import { uuid } from '../net/uuid.js';
import { describeError, describePlace } from '../text/import-errors.js';
import { openDialog } from '../ui/dialogs.js';
import { h, icon } from '../ui/dom.js';

const LARGEST = 64 * 1024 * 1024;

/** Import an exported chat into this website; resolves the new chat, else null. */
export async function importChat(websiteId) {
  const leaving = new AbortController();
  const picker = h('input', { class: 'input', id: 'import-file', type: 'file', accept: '.jsonl,.json', required: true });
  const submit = h('button', { type: 'submit', class: 'button primary' }, icon('upload'), 'Import');
  const news = h('div', { class: 'import-news', role: 'status' });
  const problem = h('div', { role: 'alert' });
  let key = uuid();
  picker.addEventListener('change', () => {
    // The idempotency key: retrying the same file makes one chat, another file makes another.
    key = uuid();
    problem.replaceChildren();
  });

  const send = async (file, close) => {
    submit.disabled = picker.disabled = true;
    problem.replaceChildren();
    const bar = h('progress', { 'aria-label': 'Sending the file', max: 1, value: 0 });
    const words = h('p', {}, 'Sending the file…');
    news.replaceChildren(words, bar);
    const onProgress = (share) => {
      bar.value = share;
      if (share < 1) return;
      bar.removeAttribute('value');
      words.textContent = 'Reading the chat…';
    };
    try {
      const path = `/api/chat/import?website_id=${websiteId}`;
      close((await upload(path, file, { headers: { 'content-type': typeOf(file), 'idempotency-key': key }, signal: leaving.signal, onProgress })).session);
    } catch (error) {
      if (leaving.signal.aborted) return;
      problem.replaceChildren(explanation(error));
    } finally {
      news.replaceChildren();
      submit.disabled = picker.disabled = false;
    }
  };

  const made = await openDialog('Import a chat', (close) => [
    h('form', { class: 'stack', onsubmit: (event) => {
      event.preventDefault();
      const [file] = picker.files;
      const invalid = checkSize(file);
      if (invalid) problem.replaceChildren(note(invalid));
      else send(file, close);
    } },
    h('p', {}, 'Choose a file that “Export as JSON” made, here or in another Sitethread: its name ends in .jsonl, or in .json before version 0.2. It becomes a new chat of this website.'),
    h('div', { class: 'field' }, h('label', { for: 'import-file' }, 'File'), picker), news, problem,
    h('div', { class: 'dialog-actions' }, h('button', { type: 'button', class: 'button quiet', onclick: () => close(null) }, 'Cancel'), submit)),
  ]);
  leaving.abort();
  return made;
}

const typeOf = (file) => (/\.json$/i.test(file.name) ? 'application/json' : 'application/jsonl');

function checkSize(file) {
  if (!file.size) return 'This file is empty.';
  return file.size > LARGEST ? 'This file is larger than 64 MiB, which is the most that can be imported.' : null;
}

function explanation({ message, place }) {
  if (!place) return note(message);
  return note(h('strong', {}, 'This file can’t be imported. Nothing of it was.'), h('br'), `The fault is in ${describePlace(place)}: ${describeError(message, place)}`);
}

const note = (...words) => h('p', { class: 'form-note problem' }, icon('alert'), h('span', {}, ...words));
