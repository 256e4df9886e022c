/**
 * The other tabs of this browser: what is told here is heard there, and what one does alone the others wait for.
 *
 * Both are missing in old browsers, locks also on plain http. Then every tab does everything itself, which costs more
 * and loses nothing: what is sent twice under one id is stored once.
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

  /** Call `run(news)` for what other tabs tell; returns how to stop that. */
  listen(topic, run) {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(run));
    return () => {
      listeners.delete(run);
      if (!listeners.size) this.#listeners.delete(topic);
    };
  }

  /** Run once no other tab is running under that name; rejects when `signal` aborts the wait. */
  async alone(name, run, signal) {
    signal?.throwIfAborted();
    return navigator.locks ? navigator.locks.request(`sitethread ${name}`, { signal }, run) : run();
  }
}
