import { find, h, icon } from '../ui/dom.js';

// The builder's greeting when the website already has a page.
const WITH_A_PAGE = {
  greeting: "Hello! Your page is in the preview. Tell me what to change, and I'll write its next version.",
  suggestions: ['Add a contact form', 'Make it responsive', 'Change the colours to green', 'Add a menu'],
};

/** What an empty chat shows: the choice of helper, its greeting and suggested first messages. */
export class Welcome {
  #root = find('#welcome');
  #shown = null;

  constructor(app, helpers) {
    this.app = app;
    this.helpers = helpers;
  }

  hide() {
    this.#shown = null;
    this.#root.hidden = true;
  }

  /** A saved chat without messages keeps its helper: then `canChoose` is false. */
  show(name, { canChoose }) {
    const helper = { ...this.app.helperNamed(name), ...(name === 'builder' && this.#hasPage && WITH_A_PAGE) };
    this.#shown = { name, canChoose, hasPage: this.#hasPage };
    this.#root.hidden = false;
    this.#root.replaceChildren(
      canChoose ? this.#choice(name) : '',
      h('div', { class: 'greeting', dataset: { helper: name } },
        h('p', { class: 'greeting-text' }, helper.greeting),
        h('ul', { class: 'suggestions', 'aria-label': 'Suggested first messages' }, helper.suggestions.map((text) => this.#chip(text)))));
  }

  /** Update the greeting when the first version is made or loaded. */
  pageChanged() {
    if (this.#shown && this.#shown.hasPage !== this.#hasPage) this.show(this.#shown.name, this.#shown);
  }

  get #hasPage() {
    return this.app.hasPage;
  }

  #choice(chosen) {
    const options = this.helpers.map((helper) => {
      const input = h('input', { type: 'radio', name: 'helper', value: helper.name, checked: helper.name === chosen });
      input.addEventListener('change', () => {
        this.app.chooseHelper(helper.name);
        find(`input[value="${helper.name}"]`, this.#root).focus();
      });
      return h('label', { class: 'helper-option', dataset: { helper: helper.name } }, input,
        h('span', { class: 'helper-dot', 'aria-hidden': 'true' }),
        h('span', { class: 'helper-name' }, helper.label), h('span', { class: 'helper-about' }, helper.description));
    });
    return h('fieldset', { class: 'helper-choice' }, h('legend', {}, 'Who should help?'), h('div', { class: 'helper-options' }, options),
      h('p', { class: 'helper-chosen narrow-only' }, this.app.helperNamed(chosen).description));
  }

  #chip(text) {
    return h('li', {}, h('button', { type: 'button', class: 'chip', onclick: () => this.app.send(text) }, h('span', {}, text), icon('send')));
  }
}
