import { InspectorFrame } from '../pointing/inspector-frame.js';
import { labelOf, spoken } from '../pointing/labels.js';

/**
 * A page whose elements can be pointed at, with a pin where something was said. Emits `selected` ({place, label}, null for none) and
 * `leave`. Nothing but our inspector runs in its frame, and only numbers of elements are taken from there.
 */
export class CommentedPage extends EventTarget {
  #frame;
  #source = null;

  constructor(stage, address) {
    super();
    this.stage = stage;
    stage.classList.add('is-edited');
    this.#frame = new InspectorFrame(stage, address, 'The page, to comment on');
    const on = (type, run) => this.#frame.addEventListener(type, ({ detail }) => run(detail));
    on('shown', () => this.#frame.element.classList.remove('is-loading'));
    on('selected', ({ number }) => this.#tell('selected', number === null ? null : this.#selection(number)));
    on('key', ({ key }) => {
      if (key === 'parent') this.#tell('leave');
      if (key === 'comment') this.#tell('comment');
    });
  }

  /** Show a page with pins at its threads; `select` is a thread whose element is selected. */
  show(source, threads, select = null) {
    this.#source = source;
    this.#frame.show(source, this.#startOf(select), null, { isReadOnly: true });
    this.setPins(threads);
  }

  /** Show pins at the threads that aren't resolved. */
  setPins(threads) {
    if (this.#source) this.#frame.tell({ pins: threads.filter(({ isResolved }) => !isResolved).map((thread) => [this.#startOf(thread), String(thread.number)]) });
  }

  select(thread) {
    this.#frame.tell({ select: this.#startOf(thread) });
  }

  /** The parts that the page consists of: {label, select}. */
  get sections() {
    return (this.#source?.sections ?? []).map((number) => {
      const { kind, words } = labelOf(this.#source, number);
      return { label: words || kind, select: () => this.#frame.tell({ select: this.#source.places[number][0] }) };
    });
  }

  /** Whether a thread is about what is selected: it may have been about less than a whole element. */
  isAbout(thread, { start }) {
    return this.#source.numberAt(thread.start, thread.end) === this.#source.numberAt(start, start + 1);
  }

  remove() {
    this.#frame.remove();
    this.stage.classList.remove('is-edited');
  }

  #selection(number) {
    return { place: this.#source.target(number), label: spoken(labelOf(this.#source, number)) };
  }

  #startOf(thread) {
    const number = thread && this.#source.numberAt(thread.start, thread.end);
    return number === null ? null : this.#source.places[number][0];
  }

  #tell(type, detail = null) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
