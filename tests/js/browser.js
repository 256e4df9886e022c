/** The tabs of one browser: what one tells the others hear, and one at a time holds a name. Like net/tabs.js. */
export class Browser {
  #tabs = new Set();
  #queues = new Map();

  open() {
    const listeners = new Map();
    const tab = {
      isOpen: true,
      hear: (topic, news) => { for (const run of listeners.get(topic) ?? []) run(news); },
      tell: (topic, news) => {
        if (!tab.isOpen) return;
        for (const other of this.#tabs) if (other !== tab) queueMicrotask(() => other.hear(topic, structuredClone(news)));
      },
      listen(topic, run) {
        const known = listeners.get(topic) ?? new Set();
        listeners.set(topic, known.add(run));
        return () => known.delete(run);
      },
      alone: (name, run, signal) => this.#wait(tab, name, run, signal),
    };
    this.#tabs.add(tab);
    return tab;
  }

  /** Close a tab: what it held goes to the next in line. */
  close(tab) {
    tab.isOpen = false;
    this.#tabs.delete(tab);
    for (const queue of this.#queues.values()) if (queue[0]?.tab === tab) this.#leave(queue, queue[0]);
  }

  #wait(tab, name, run, signal) {
    const queue = this.#queues.get(name) ?? [];
    this.#queues.set(name, queue);
    return new Promise((resolve, reject) => {
      const turn = { tab, go: () => { turn.isRunning = true; run().then(resolve, reject).finally(() => this.#leave(queue, turn)); } };
      signal?.addEventListener('abort', () => {
        if (turn.isRunning) return;
        this.#leave(queue, turn);
        reject(signal.reason);
      });
      queue.push(turn);
      if (queue[0] === turn) turn.go();
    });
  }

  #leave(queue, turn) {
    const at = queue.indexOf(turn);
    if (at >= 0) queue.splice(at, 1);
    if (at === 0) queue[0]?.go();
  }
}

/** Wait until something is so; fails after two seconds. */
export async function until(isSo) {
  for (const end = Date.now() + 2000; !isSo(); ) {
    if (Date.now() > end) throw new Error(`never: ${isSo}`);
    await new Promise((done) => setTimeout(done, 5));
  }
}
