import { request } from '../net/api.js';
import { countCodePoints } from '../text/code-points.js';
import { openDialog } from '../ui/dialogs.js';
import { h, icon, iconButton } from '../ui/dom.js';
import { toast, toastError } from '../ui/toasts.js';

const LONGEST_NAME = 80;
const LONGEST_TEXT = 10_000;

/** Save a new prompt, or change the one with this id; resolves the prompt, null when the dialog is cancelled. */
export async function editPrompt({ id = null, name = '', text = '' }) {
  const saved = await openDialog(id ? 'Change the prompt' : 'Save a prompt', (close) => {
    const named = h('input', { class: 'input', id: 'prompt-name', value: name || firstWords(text), maxlength: LONGEST_NAME, required: true, autocomplete: 'off' });
    const written = h('textarea', { class: 'input', id: 'prompt-text', rows: 6, required: true });
    written.value = text;
    const problem = h('p', { class: 'form-note problem', role: 'alert', hidden: true }, icon('alert'), h('span'));
    const submit = async (event) => {
      event.preventDefault();
      try {
        if (countCodePoints(written.value) > LONGEST_TEXT) throw new Error(`A prompt has at most ${LONGEST_TEXT.toLocaleString('en')} characters.`);
        const body = { name: named.value, text: written.value };
        close((await request(id ? 'PATCH' : 'POST', `/api/prompts${id ? `/${id}` : ''}`, body)).prompt);
      } catch (error) {
        problem.hidden = false;
        problem.querySelector('span').textContent = error.message;
      }
    };
    queueMicrotask(() => named.select());
    return [h('form', { class: 'stack', onsubmit: submit },
      h('div', { class: 'field' }, h('label', { for: 'prompt-name' }, 'Name'), named),
      h('div', { class: 'field' }, h('label', { for: 'prompt-text' }, 'Text'), written), problem,
      h('div', { class: 'dialog-actions' },
        h('button', { type: 'button', class: 'button quiet', onclick: () => close(null) }, 'Cancel'),
        h('button', { type: 'submit', class: 'button primary' }, 'Save')))];
  });
  if (saved) toast(`“${saved.name}” saved. It is in the menu beside the message box.`);
  return saved;
}

/** List the saved prompts, to be changed and deleted. */
export function managePrompts(prompts) {
  const list = h('ul', { class: 'share-list prompt-list' });
  const draw = () => list.replaceChildren(...prompts.map(row));
  const change = async (prompt) => {
    const saved = await editPrompt(prompt);
    if (saved) prompts = prompts.map((one) => (one.id === saved.id ? saved : one));
    draw();
  };
  const replace = async (prompt, send) => {
    try {
      const by = await send();
      prompts = prompts.map((one) => (one === prompt ? by : one));
      draw();
    } catch (error) {
      toastError(error);
    }
  };
  const remove = (prompt) => replace(prompt, async () => {
    await request('DELETE', `/api/prompts/${prompt.id}`);
    return { ...prompt, isDeleted: true };
  });
  const restore = (prompt) => replace(prompt, async () => (await request('POST', '/api/prompts', { name: prompt.name, text: prompt.text })).prompt);
  const row = (prompt) => (prompt.isDeleted ? deletedRow(prompt) : savedRow(prompt));
  const deletedRow = (prompt) => h('li', {}, h('span', {}, `“${prompt.name}” deleted`), h('button', { type: 'button', class: 'button small', onclick: () => restore(prompt) }, 'Undo'));
  const savedRow = (prompt) => h('li', {},
    h('span', { class: 'prompt-words' }, h('strong', {}, prompt.name), h('span', {}, prompt.text)),
    iconButton('pencil', `Change “${prompt.name}”`, () => change(prompt)), iconButton('trash', `Delete “${prompt.name}”`, () => remove(prompt)));
  draw();
  return openDialog('Your prompts', (close) => [
    list, h('div', { class: 'dialog-actions' },
      h('button', { type: 'button', class: 'button quiet', onclick: () => close(null) }, 'Close'),
      h('button', { type: 'button', class: 'button primary', onclick: async () => {
        const saved = await editPrompt({});
        if (saved) prompts = [saved, ...prompts];
        draw();
      } }, icon('plus'), 'New prompt')),
  ]);
}

function firstWords(text) {
  const line = text.trim().split('\n')[0];
  return line.length > 50 ? `${line.slice(0, 49).replace(/\s+\S*$/, '')}…` : line;
}
