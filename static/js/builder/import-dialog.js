import { upload } from '../net/upload.js';
import { uuid } from '../net/uuid.js';
import { describeError, describePlace } from '../text/import-errors.js';
import { openDialog } from '../ui/dialogs.js';
import { h, icon } from '../ui/dom.js';

const LARGEST = 64 * 1024 * 1024;

/** Import exported chats into this website; resolves the first of the new ones, else null. */
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
      const { sessions, skipped, skipped_count: count } = (await upload(path, file, { headers: { 'content-type': typeOf(file), 'idempotency-key': key }, signal: leaving.signal, onProgress }));
      if (sessions.length === 1 && !count) close(sessions[0]);
      else showResult({ sessions, skipped, count }, close);
    } catch (error) {
      if (leaving.signal.aborted) return;
      problem.replaceChildren(explanation(error));
    } finally {
      news.replaceChildren();
      submit.disabled = picker.disabled = false;
    }
  };

  const showResult = ({ sessions, skipped, count }, close) => {
    const [first = null] = sessions;
    form.replaceChildren(
      h('p', { class: 'import-count', role: 'status', tabindex: -1 }, icon('check'), h('span', {}, h('strong', {}, `${counted(sessions.length)} imported`), count ? `, ${counted(count)} left out` : '')),
      count ? h('div', { class: 'import-skipped' }, h('h3', {}, 'Left out'),
        h('ul', { tabindex: 0 }, skipped.map(({ title, message }) => h('li', {}, h('strong', {}, title), ' ', message)),
          count > skipped.length && h('li', {}, `And ${count - skipped.length} more.`))) : '',
      h('div', { class: 'dialog-actions' }, h('button', { type: 'button', class: 'button primary', onclick: () => close(first) }, first ? 'Open the first one' : 'Close')));
    form.querySelector('.import-count').focus();
    imported = first;
  };
  let imported = null;
  let form;

  const made = await openDialog('Import chats', (close) => {
    form = h('form', { class: 'stack', onsubmit: (event) => {
      event.preventDefault();
      const [file] = picker.files;
      const invalid = checkSize(file);
      if (invalid) problem.replaceChildren(note(invalid));
      else send(file, close);
    } },
    h('p', {}, 'Choose a file that “Export as JSON” made, here or in another Sitethread (its name ends in .jsonl, or in .json before version 0.2), or the conversations.json of a ChatGPT export. Each chat in it becomes a chat of this website.'),
    h('div', { class: 'field' }, h('label', { for: 'import-file' }, 'File'), picker), news, problem,
    h('div', { class: 'dialog-actions' }, h('button', { type: 'button', class: 'button quiet', onclick: () => close(null) }, 'Cancel'), submit));
    return [form];
  });
  leaving.abort();
  return made ?? imported;
}

const counted = (count) => `${count} ${count === 1 ? 'chat' : 'chats'}`;

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
