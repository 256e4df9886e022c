import { h } from '../ui/dom.js';
import { anotherLike, problemWithSlug } from './slugs.js';

const PAUSE_MS = 400;

/** The field for the address of a website, which says what is wrong while it is typed. */
export class SlugField {
  #note = h('p', { class: 'field-note', id: 'slug-note', role: 'status' });
  #asking = new AbortController();
  #timer;

  /** `onInput` gets what was typed; `ask(slug, signal)` resolves {problem (a code, or null), message}, or null where there is nothing to say. */
  constructor(value, onInput, ask) {
    Object.assign(this, { onInput, ask });
    this.input = h('input', { class: 'input', id: 'slug', value, maxlength: 63, autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', 'aria-describedby': 'slug-note', oninput: () => this.#check() });
    this.root = h('div', { class: 'field' }, h('label', { for: 'slug' }, 'Address'), this.input, this.#note);
    this.#check();
  }

  get value() {
    return this.input.value.trim();
  }

  /** Whether it may be sent; else it has the focus. */
  get isFine() {
    const isFine = !problemWithSlug(this.value);
    if (!isFine) this.input.focus();
    return isFine;
  }

  /** Show what the server says of it, with another one to take. */
  refuse({ code, message, suggestion }) {
    this.leave();
    this.#tell(code, message, suggestion);
    this.input.focus();
  }

  /** Ask no more. */
  leave() {
    clearTimeout(this.#timer);
    this.#asking.abort();
  }

  #check() {
    this.leave();
    this.onInput(this.value);
    const problem = problemWithSlug(this.value);
    this.#say(problem || 'Small letters, digits and hyphens. It can be changed later.', Boolean(problem));
    if (!problem) this.#timer = setTimeout(() => this.#ask(this.value), PAUSE_MS);
  }

  async #ask(slug) {
    this.#asking = new AbortController();
    try {
      const found = await this.ask(slug, this.#asking.signal);
      if (!found || slug !== this.value) return;
      if (found.problem) this.#tell(found.problem, found.message);
      else this.#say('This address is free. It can be changed later.', false);
    } catch {
      // Publishing says it, too.
    }
  }

  #tell(code, message, suggestion) {
    const other = suggestion ?? (code === 'slug_taken' ? anotherLike(this.value) : null);
    const take = () => {
      this.input.value = other;
      this.#check();
      this.input.focus();
    };
    this.#say(message, true);
    if (other) this.#note.append(' ', h('button', { type: 'button', class: 'button small', onclick: take }, `Use ${other}`));
  }

  #say(text, isProblem) {
    this.#note.replaceChildren(text);
    this.#note.classList.toggle('is-problem', isProblem);
    this.input.setAttribute('aria-invalid', String(isProblem));
  }
}
