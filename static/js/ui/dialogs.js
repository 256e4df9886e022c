import { h } from './dom.js';
import { raiseToasts } from './toasts.js';

/** Ask for confirmation; resolves true only when the person clicks the action's button. */
export function confirmAction({ title, text, action }) {
  return openDialog(title, (close) => [
    h('p', {}, text),
    h('div', { class: 'dialog-actions' },
      h('button', { type: 'button', class: 'button quiet', autofocus: true, onclick: () => close(false) }, 'Cancel'),
      h('button', { type: 'button', class: 'button danger', onclick: () => close(true) }, action)),
  ]);
}

/** Ask for one line of text, which may be empty only if `isOptional`; resolves null when the dialog is cancelled. */
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

/** Show a dialog; resolves with the value given to `close`, else null. `build(close)` returns its children, `look` is a class of its own. */
export function openDialog(title, build, look = '') {
  return new Promise((resolve) => {
    // One may be open above another.
    const titleId = `dialog-title-${document.querySelectorAll('dialog').length}`;
    const dialog = h('dialog', { class: `dialog ${look}`.trim(), 'aria-labelledby': titleId });
    let result = null;
    const close = (value) => {
      result = value;
      dialog.close();
    };
    dialog.append(h('h2', { id: titleId }, title), ...build(close));
    dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
    dialog.addEventListener('close', () => {
      raiseToasts();
      dialog.remove();
      resolve(result);
    });
    document.body.append(dialog);
    dialog.showModal();
    raiseToasts();
  });
}
