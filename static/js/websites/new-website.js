import templates from '../../templates/templates.json';
import { openDialog } from '../ui/dialogs.js';
import { h, icon } from '../ui/dom.js';

/** Ask for the name of a new website and what to start from; resolves {name, question}, null when the dialog is cancelled. */
export async function askForWebsite() {
  const chosen = openDialog('New website', (close) => {
    const name = h('input', { class: 'input', id: 'dialog-text', placeholder: 'Coffee Shop Website', maxlength: 120, required: true, autocomplete: 'off' });
    const question = h('textarea', { class: 'input', id: 'template-question', rows: 3, maxlength: 10_000 });
    const asked = h('div', { class: 'field', hidden: true }, h('label', { for: 'template-question' }, 'What the builder is asked first'), question);
    let template = null;
    const choose = (next) => {
      template = next;
      name.required = !next;
      name.placeholder = next?.title ?? 'Coffee Shop Website';
      asked.hidden = !next;
      question.value = next?.question ?? '';
    };
    const submit = (event) => {
      event.preventDefault();
      const named = name.value.trim() || template?.title;
      if (named) close({ name: named, question: template && question.value.trim() });
    };
    queueMicrotask(() => name.focus());
    return [h('form', { class: 'stack', onsubmit: submit },
      h('div', { class: 'field' }, h('label', { for: 'dialog-text' }, 'Name'), name),
      h('fieldset', { class: 'templates' }, h('legend', {}, 'Start with'),
        h('div', { class: 'template-grid' }, card(null, choose), templates.map((one) => card(one, choose)))),
      asked,
      h('div', { class: 'dialog-actions' },
        h('button', { type: 'button', class: 'button quiet', onclick: () => close(null) }, 'Cancel'),
        h('button', { type: 'submit', class: 'button primary' }, 'Create')))];
  });
  document.querySelector('dialog').classList.add('wide', 'new-website');
  return chosen;
}

function card(template, choose) {
  const input = h('input', { type: 'radio', name: 'template', value: template?.name ?? '', checked: !template, onchange: () => choose(template) });
  const picture = template
    ? h('img', { src: `/static/templates/${template.name}.jpg`, alt: '', width: 640, height: 400, loading: 'lazy' })
    : h('span', { class: 'template-empty', 'aria-hidden': 'true' }, icon('plus'));
  return h('label', { class: 'template' }, input, picture, h('span', { class: 'template-title' }, template?.title ?? 'An empty page'));
}
