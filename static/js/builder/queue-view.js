import { find, h, icon } from '../ui/dom.js';

/** The messages that wait for the running answer to end, below it. */
export class QueueView {
  #list = find('#queue');

  constructor(app) {
    this.app = app;
  }

  draw(entries) {
    this.#list.hidden = !entries.length;
    this.#list.replaceChildren(...entries.map((entry, at) => this.#row(entry, at)));
  }

  #row(entry, at) {
    const when = at ? 'Sent after the one above' : 'Sent when the answer ends';
    return h('li', { class: 'waiting-message', dataset: { message: entry.id } },
      h('p', { class: 'waiting-text' }, entry.text),
      h('footer', { class: 'waiting-foot' },
        h('span', { class: 'delivery' }, icon('clock'), h('span', {}, when)),
        h('span', { class: 'delivery-actions' },
          h('button', { type: 'button', class: 'button small quiet', onclick: () => this.app.editWaiting(entry) }, icon('pencil'), 'Edit'),
          h('button', { type: 'button', class: 'button small quiet', onclick: () => this.app.removeWaiting(entry) }, icon('trash'), 'Remove'))));
  }
}
