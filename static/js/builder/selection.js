/** The selected chats of the list. Emits `mode` when selecting begins, ends or all rows change, and `change`. */
export class Selection extends EventTarget {
  isOn = false;
  #ids = new Set();

  constructor(chats) {
    super();
    this.chats = chats;
    // A chat that another device removed is no longer selected.
    chats.addEventListener('change', () => this.isOn && this.#emit('change'));
  }

  get rows() {
    return this.chats.shown.filter((row) => this.#ids.has(row.id));
  }

  get isWhole() {
    return this.rows.length > 0 && this.rows.length === this.chats.rows.length;
  }

  has(id) {
    return this.#ids.has(id);
  }

  begin() {
    this.#reset(true);
  }

  end() {
    this.#reset(false);
  }

  toggle(id, isTicked) {
    if (isTicked) this.#ids.add(id);
    else this.#ids.delete(id);
    this.#emit('change');
  }

  /** Select all loaded chats, or none when all are selected. */
  toggleAll() {
    this.#ids = new Set(this.isWhole ? [] : this.chats.rows.map((row) => row.id));
    this.#emit('mode');
    this.#emit('change');
  }

  #reset(isOn) {
    this.isOn = isOn;
    this.#ids.clear();
    this.#emit('mode');
    this.#emit('change');
  }

  #emit(type) {
    this.dispatchEvent(new Event(type));
  }
}
