export const MOST_TURNS = 120;
const STEP = MOST_TURNS / 2;

/** Which turns of a long conversation are in the page: at most MOST_TURNS in a row, the newest unless it was moved. */
export class TurnWindow {
  // The key of the last turn in the page; null for the newest.
  #last = null;

  get isAtEnd() {
    return this.#last === null;
  }

  toEnd() {
    this.#last = null;
  }

  of(turns) {
    const end = this.#end(turns);
    return turns.slice(Math.max(0, end - MOST_TURNS), end);
  }

  /** Whether there are turns before those in the page. */
  hasEarlier(turns) {
    return this.#end(turns) > MOST_TURNS;
  }

  up(turns) {
    const end = this.#end(turns);
    this.#endAt(turns, Math.max(MOST_TURNS, end - STEP));
  }

  down(turns) {
    this.#endAt(turns, this.#end(turns) + STEP);
  }

  /** Move so that the turn at this index is in the page, with others around it. */
  around(turns, index) {
    this.#endAt(turns, Math.max(MOST_TURNS, index + STEP));
  }

  #end(turns) {
    // The turn may be on a path that is no longer shown.
    const index = this.#last === null ? -1 : turns.findIndex(({ key }) => key === this.#last);
    return index < 0 ? turns.length : index + 1;
  }

  #endAt(turns, end) {
    this.#last = end < turns.length ? turns[end - 1].key : null;
  }
}
