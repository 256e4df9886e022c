/**
 * Messages to the other tabs of this browser (BroadcastChannel), and locks between them (Web Locks).
 *
 * Old browsers have neither, and there are no locks on plain http. Then every tab does everything itself: it costs more
 * requests, but a message that is sent twice under one id is stored once.
 */
export class Tabs {
  #channel = null;
  #listeners = new Map();

  constructor(name = 'sitethread') {
    if (!('BroadcastChannel' in globalThis)) return;
    this.#channel = new BroadcastChannel(name);
    this.#channel.addEventListener('message', ({ data: { topic, news } }) => {
      for (const run of [...(this.#listeners.get(topic) ?? [])]) run(news);
    });
  }

  tell(topic, news) {
    this.#channel?.postMessage({ topic, news });
  }

  /** Call `run(news)` for messages of other tabs on a topic; returns a function that stops listening. */
  listen(topic, run) {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(run));
    return () => {
      listeners.delete(run);
      if (!listeners.size) this.#listeners.delete(topic);
    };
  }

  /** Run while holding the lock `name`; rejects when `signal` aborts the wait for it. */
  async alone(name, run, signal) {
    signal?.throwIfAborted();
    return navigator.locks ? navigator.locks.request(`sitethread ${name}`, { signal }, run) : run();
  }
}

export const tabs = new Tabs();
