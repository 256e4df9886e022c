/** Milliseconds to wait before retry `n` (from 0): exponential backoff from 0.4 s to 10 s, with jitter. */
export function backoff(n, random = Math.random) {
  return Math.min(10_000, 400 * 2 ** n) * (0.6 + 0.4 * random());
}

/** Wait for `ms` milliseconds, or until the browser is back online; rejects when `signal` aborts. */
export function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const listeners = new AbortController();
    const end = (settle) => () => {
      clearTimeout(timer);
      listeners.abort();
      settle(signal?.reason);
    };
    const timer = setTimeout(end(resolve), ms);
    signal?.addEventListener('abort', end(reject), { once: true, signal: listeners.signal });
    globalThis.addEventListener?.('online', end(resolve), { signal: listeners.signal });
  });
}
