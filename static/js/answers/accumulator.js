import { countCodePoints } from '../text/code-points.js';
import { newText } from './deltas.js';

/** Collects the events of an answer, from whichever stream they come, and calls `on(type, value)` with what is new. */
export class AnswerAccumulator {
  status = null;

  constructor(content, on) {
    this.content = content;
    this.have = countCodePoints(content);
    this.on = on;
  }

  /** The text so far as one event, for a tab that joins late. */
  get snapshot() {
    return { type: 'delta', id: String(this.have), data: JSON.stringify({ text: this.content }) };
  }

  /** Add an event; returns false when text before it is missing. */
  add({ type, id, data }) {
    const value = JSON.parse(data);
    if (type === 'delta') return this.#append(Number(id), value.text);
    this.on(type, value);
    if (type === 'done') this.status = value.status;
    return true;
  }

  #append(id, text) {
    const step = newText(this.have, id, text);
    if (step.gap) return false;
    this.have = step.have;
    this.content += step.text;
    if (step.text) this.on('text', step.text);
    return true;
  }
}
