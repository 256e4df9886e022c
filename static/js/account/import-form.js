import { upload } from '../net/upload.js';
import { h, icon } from '../ui/dom.js';

const LARGEST = 1024 ** 3;
const COUNTED = { websites: 'website', chats: 'chat', messages: 'message', versions: 'version', submissions: 'submission', comments: 'comment', figures: 'daily figure', publication_events: 'publishing event', prompts: 'saved prompt' };

/** Send the zip that is chosen, tell how far it is, and then what came back. */
export function watchImport(form) {
  const [picker, submit] = [form.querySelector('input'), form.querySelector('button')];
  const news = form.querySelector('[role=status]');
  const problem = form.querySelector('[role=alert]');
  const show = (where, tone, text) => where.replaceChildren(h('p', { class: `form-note ${tone}` }, icon(tone === 'problem' ? 'alert' : 'check'), h('span', {}, text)));
  picker.addEventListener('change', () => {
    problem.replaceChildren();
    news.replaceChildren();
  });
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const [file] = picker.files;
    problem.replaceChildren();
    if (file.size > LARGEST) return show(problem, 'problem', 'This file is larger than 1 GiB, which is the most that can be imported.');
    submit.disabled = picker.disabled = true;
    try {
      const { imported } = await send(file, news);
      show(news, 'success', describe(imported));
    } catch (error) {
      news.replaceChildren();
      show(problem, 'problem', `${error.message}${error.code === 'invalid_import' ? ' Nothing of it was imported.' : ' What came back stays; send the file again for the rest.'}`);
    } finally {
      submit.disabled = picker.disabled = false;
    }
  });
}

function send(file, news) {
  const bar = h('progress', { 'aria-label': 'Sending the file', max: 1, value: 0 });
  const words = h('p', {}, 'Sending the file…');
  news.replaceChildren(words, bar);
  const onProgress = (share) => {
    bar.value = share;
    if (share < 1) return;
    bar.removeAttribute('value');
    words.textContent = 'Checking it, and bringing it back. This may take some minutes…';
  };
  return upload('/api/account/import', file, { headers: { 'content-type': 'application/zip' }, signal: new AbortController().signal, onProgress });
}

function describe(imported) {
  const parts = Object.entries(COUNTED).filter(([name]) => imported[name]).map(([name, word]) => `${imported[name].toLocaleString()} ${word}${imported[name] === 1 ? '' : 's'}`);
  return parts.length ? `Back again: ${parts.join(', ')}.` : 'Everything in this file was here already.';
}
