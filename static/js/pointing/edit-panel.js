import { find, h, icon } from '../ui/dom.js';
import { meaningOf } from '../inspector/keys.js';
import { labelOf } from './labels.js';

const TOOLS = [
  ['type', 'pencil', 'Edit text', 'Enter'],
  ['swap', 'picture', 'Swap picture', null],
  ['ask', 'chat', 'Ask about this', null],
  ['duplicate', 'copy', 'Duplicate', null],
  ['up', 'arrow-up', 'Move up', 'Alt+ArrowUp'],
  ['down', 'arrow-down', 'Move down', 'Alt+ArrowDown'],
  ['remove', 'trash', 'Remove', 'Delete'],
];
const KINDS = { type: '', swap: '', ask: ' primary' };
const MOST_CRUMBS = 6;

/** The panel of edit mode below the page: the page's sections, or what is selected and what can be done with it. */
export class EditPanel {
  #root = find('#edit-panel');
  #where = h('ol', { class: 'edit-where' });
  #tools;
  #field;
  #problem = h('div', { class: 'edit-problem', role: 'alert', hidden: true });
  #buttons = new Map();

  /** `mode` has `act`, `select`, `setLink`, `setAlternative`, `tryAgain` and `discard`. */
  constructor(mode) {
    this.mode = mode;
    for (const [name, image, label, keys] of TOOLS) {
      const [verb, ...object] = label.split(' ');
      const words = h('span', {}, verb, object.length > 0 && h('span', { class: 'edit-object' }, ` ${object.join(' ')}`));
      this.#buttons.set(name, h('button', { type: 'button', class: `button small${KINDS[name] ?? ' is-minor'}`, 'aria-label': label, 'aria-keyshortcuts': keys, title: keys ? `${label} (${keys})` : label, onclick: () => this.#press(name) }, icon(image), words));
    }
    this.#tools = h('div', { class: 'edit-tools', role: 'group', 'aria-label': 'What is selected', hidden: true }, [...this.#buttons.values()]);
    this.#field = new AttributeField(mode);
    const done = h('button', { type: 'button', class: 'button small edit-done', onclick: () => mode.act('leave') }, 'Done');
    this.#root.replaceChildren(h('div', { class: 'edit-line' }, this.#where, done), this.#tools, this.#field.form, this.#problem);
    this.#root.onkeydown = (event) => this.#key(event);
    this.#where.append(h('li', { class: 'edit-hint' }, 'Loading the page…'));
    this.#root.hidden = false;
  }

  remove() {
    this.#root.hidden = true;
    this.#root.onkeydown = null;
    this.#root.replaceChildren();
  }

  /** Show what is selected, or the sections when nothing is. */
  draw(source, selection) {
    const hadFocus = this.#where.contains(document.activeElement) || (!selection && this.#root.contains(document.activeElement));
    this.#tools.hidden = !selection;
    this.#where.classList.toggle('is-path', selection !== null);
    this.#where.setAttribute('aria-label', selection ? 'Selected' : 'Sections');
    this.#where.replaceChildren(...(selection ? this.#crumbs(source, selection) : this.#sections(source)));
    this.#field.draw(selection);
    const isPicture = selection !== null && source.tagOf(selection.number) === 'img';
    this.#buttons.get('swap').hidden = !isPicture;
    this.#buttons.get('type').hidden = isPicture;
    if (selection) {
      for (const [name, isOff] of [['type', !selection.canType], ['up', selection.previous === null], ['down', selection.next === null]]) this.#disable(name, isOff);
    }
    if (hadFocus) (find('[aria-current]', this.#where) ?? find('button', this.#where))?.focus();
  }

  setBusy(isBusy) {
    this.#root.setAttribute('aria-busy', String(isBusy));
  }

  /** Say why something could not be saved, with what was typed; null when all is well. */
  showProblem(error, text = null) {
    this.#problem.hidden = error === null;
    if (error === null) return this.#problem.replaceChildren();
    const isConflict = error.code === 'edit_conflict';
    this.#problem.replaceChildren(
      h('p', {}, isConflict ? 'The page was changed elsewhere meanwhile, so this was not saved.' : error.message),
      text && h('textarea', { class: 'input', readonly: true, rows: 2, 'aria-label': 'What you typed' }, text),
      h('div', { class: 'edit-problem-actions' },
        h('button', { type: 'button', class: 'button small primary', onclick: () => this.mode.tryAgain() }, isConflict ? 'Save it on the newest page' : 'Try again'),
        h('button', { type: 'button', class: 'button small', onclick: () => this.mode.discard() }, 'Discard it')),
    );
  }

  #crumbs(source, { number, path }) {
    const shown = [...new Set([...path, number])].slice(-MOST_CRUMBS);
    return shown.map((each) => {
      const { kind, words } = labelOf(source, each);
      const isLast = each === number;
      return h('li', {}, h('button', { type: 'button', class: 'edit-crumb', 'aria-current': isLast ? 'true' : null, title: isLast ? 'Arrow keys go to what is beside, around and in it' : null, onclick: () => this.mode.select(each) }, kind, isLast && words ? h('q', {}, words) : null));
    });
  }

  #sections(source) {
    const sections = source.sections.map((number) => {
      const { kind, words } = labelOf(source, number);
      return h('li', {}, h('button', { type: 'button', class: 'edit-crumb is-section', onclick: () => this.mode.select(number) }, words || kind));
    });
    return [h('li', { class: 'edit-hint' }, 'Click a part of the page, or choose one:'), ...sections];
  }

  // Not `disabled`, which would take the focus away from somebody who presses it again and again.
  #disable(name, isOff) {
    this.#buttons.get(name).setAttribute('aria-disabled', String(isOff));
  }

  #press(name) {
    if (this.#buttons.get(name).getAttribute('aria-disabled') !== 'true') this.mode.act(name);
  }

  // The keys of the page, while the focus is on what is selected. Escape goes up from everywhere but fields.
  #key(event) {
    if (event.target.matches('input, textarea')) return;
    const meaning = meaningOf(event);
    const isOnCrumb = event.target.matches('[aria-current]');
    if (event.key !== 'Escape' && !(isOnCrumb && meaning && event.key !== 'Backspace')) return;
    if (meaning === 'undo' || meaning === 'redo') return;
    event.preventDefault();
    event.stopPropagation();
    this.mode.act(meaning);
  }
}

/** The address of a link or the description of a picture. */
class AttributeField {
  #label = h('span');
  #input = h('input', { class: 'input', type: 'text', autocomplete: 'off', maxlength: 1_999 });
  #name = null;

  constructor(mode) {
    this.form = h('form', { class: 'edit-field', hidden: true }, h('label', {}, this.#label, this.#input), h('button', { class: 'button small', type: 'submit' }, 'Save'));
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (this.#name === 'href') mode.setLink(this.#input.value.trim());
      else mode.setAlternative(this.#input.value.trim());
    });
  }

  draw(selection) {
    this.#name = ['href', 'alt'].find((name) => typeof selection?.[name] === 'string') ?? null;
    this.form.hidden = this.#name === null;
    if (this.#name === null) return;
    this.#label.textContent = this.#name === 'href' ? 'Leads to' : 'Description, for those who don’t see it';
    this.#input.value = selection[this.#name];
  }
}
