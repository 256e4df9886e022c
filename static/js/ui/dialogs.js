import { h } from './dom.js';

/** Ask before something that can't be undone; resolves true only for the named action. */
export function confirmAction({ title, text, action }) {
  return openDialog(title, (close) => [
    h('p', {}, text),
    h('div', { class: 'dialog-actions' },
      h('button', { type: 'button', class: 'button quiet', autofocus: true, onclick: () => close(false) }, 'Cancel'),
      h('button', { type: 'button', class: 'button danger', onclick: () => close(true) }, action)),
  ]);
}

/** Ask for one line of text, which may be empty only if optional; resolves null when the person changes their mind. */
export function askForText({ title, label, value = '', action, placeholder = '', limit = 120, isOptional = false }) {
  return openDialog(title, (close) => {
    const input = h('input', { class: 'input', id: 'dialog-text', value, placeholder, maxlength: limit, required: !isOptional, autocomplete: 'off' });
    const submit = (event) => {
      event.preventDefault();
      if (isOptional || input.value.trim()) close(input.value.trim());
    };
    queueMicrotask(() => input.select());
    return [h('form', { class: 'stack', onsubmit: submit },
      h('div', { class: 'field' }, h('label', { for: 'dialog-text' }, label), input),
      h('div', { class: 'dialog-actions' },
        h('button', { type: 'button', class: 'button quiet', onclick: () => close(null) }, 'Cancel'),
        h('button', { type: 'submit', class: 'button primary' }, action)))];
  });
}

/** Show a dialog until it is closed; resolves what `close` was given, else null. */
export function openDialog(title, build) {
  return new Promise((resolve) => {
    const dialog = h('dialog', { class: 'dialog', 'aria-labelledby': 'dialog-title' });
    let answer = null;
    const close = (value) => {
      answer = value;
      dialog.close();
    };
    dialog.append(h('h2', { id: 'dialog-title' }, title), ...build(close));
    dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
