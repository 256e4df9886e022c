import { find, h, icon } from './dom.js';

/** Show a short notice in the corner (a polite live region). */
export function toast(text, { tone = 'plain', seconds = 5, action = null } = {}) {
  const item = h('p', { class: `toast ${tone}` }, icon(tone === 'problem' ? 'alert' : 'check'), h('span', {}, text));
  if (action) item.append(actionButton(item, action));
  find('#toasts').append(item);
  setTimeout(() => item.remove(), seconds * 1000);
}

function actionButton(item, { label, run }) {
  const act = () => {
    item.remove();
    run();
  };
  return h('button', { type: 'button', class: 'button small', onclick: act }, label);
}

/** Show a notice for longer, with an Undo button unless `run` is null. */
export function toastWithUndo(text, run) {
  toast(text, { seconds: 12, action: run && { label: 'Undo', run } });
}

export function toastError(error) {
  if (error.name !== 'AbortError') toast(error.message, { tone: 'problem', seconds: 8 });
}
