import { countCodePoints } from '../text/code-points.js';
import { newText } from './deltas.js';

/** An answer as far as it is known here: events go in, from whichever stream, and what is new comes out at `on`. */
export class Reading {
  status = null;

  constructor(content, on) {
    this.content = content;
    this.have = countCodePoints(content);
    this.on = on;
  }

  /** The text so far as one event, for whoever joins late. */
  get snapshot() {
    return { type: 'delta', id: String(this.have), data: JSON.stringify({ text: this.content }) };
  }

  /** Take an event; false when text is missing before it. */
  take({ type, id, data }) {
    const value = JSON.parse(data);
    if (type === 'delta') return this.#grow(Number(id), value.text);
    this.on(type, value);
    if (type === 'done') this.status = value.status;
    return true;
  }

  #grow(id, text) {
    const step = newText(this.have, id, text);
    if (step.gap) return false;
    this.have = step.have;
    this.content += step.text;
    if (step.text) this.on('text', step.text);
    return true;
  }
}
