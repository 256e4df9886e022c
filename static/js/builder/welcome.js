import { find, h, icon } from '../ui/dom.js';

// How the builder begins where there is something to go on from.
const WITH_A_PAGE = {
  greeting: "Hello! Your page is in the preview. Tell me what to change, and I'll write its next version.",
  suggestions: ['Add a contact form', 'Make it responsive', 'Change the colours to green', 'Add a menu'],
};

/** What an empty chat shows: who can help, the chosen helper's greeting, and first prompts to start from. */
export class Welcome {
  #root = find('#welcome');
  #shown = null;

  constructor(app, personas) {
    this.app = app;
    this.personas = personas;
  }

  hide() {
    this.#shown = null;
    this.#root.hidden = true;
  }

  /** A chat that exists but has no messages keeps the helper it was made with. */
  show(helper, { canChoose }) {
    const persona = { ...this.app.persona(helper), ...(helper === 'builder' && this.#hasPage && WITH_A_PAGE) };
    this.#shown = { helper, canChoose, hasPage: this.#hasPage };
    this.#root.hidden = false;
    this.#root.replaceChildren(
      canChoose ? this.#choice(helper) : '',
      h('div', { class: 'greeting', dataset: { helper } },
        h('p', { class: 'greeting-text' }, persona.greeting),
        h('ul', { class: 'suggestions', 'aria-label': 'Suggested first messages' }, persona.suggestions.map((text) => this.#chip(text)))));
  }

  /** The first version may come, or be known, after the greeting. */
  pageChanged() {
    if (this.#shown && this.#shown.hasPage !== this.#hasPage) this.show(this.#shown.helper, this.#shown);
  }

  get #hasPage() {
    return this.app.shownVersionId !== null;
  }

  #choice(helper) {
    const options = this.personas.map((persona) => {
      const input = h('input', { type: 'radio', name: 'helper', value: persona.name, checked: persona.name === helper });
      input.addEventListener('change', () => {
        this.app.chooseHelper(persona.name);
        find(`input[value="${persona.name}"]`, this.#root).focus();
      });
      return h('label', { class: 'helper-option', dataset: { helper: persona.name } }, input,
        h('span', { class: 'helper-dot', 'aria-hidden': 'true' }),
        h('span', { class: 'helper-name' }, persona.label), h('span', { class: 'helper-about' }, persona.description));
    });
    return h('fieldset', { class: 'helper-choice' }, h('legend', {}, 'Who should help?'), h('div', { class: 'helper-options' }, options),
      h('p', { class: 'helper-chosen narrow-only' }, this.app.persona(helper).description));
  }

  #chip(text) {
    return h('li', {}, h('button', { type: 'button', class: 'chip', onclick: () => this.app.send(text) }, h('span', {}, text), icon('send')));
  }
}
