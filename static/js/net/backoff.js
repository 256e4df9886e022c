/** Milliseconds to wait before attempt `n` (from 0): doubling from 0.4 s up to 10 s, with jitter so that clients spread. */
export function backoff(n, random = Math.random) {
  return Math.min(10_000, 400 * 2 ** n) * (0.6 + 0.4 * random());
}

/** Wait before trying again: that long, or until the browser is back online. */
export function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const over = new AbortController();
    const end = (settle) => () => {
      clearTimeout(timer);
      over.abort();
      settle(signal?.reason);
    };
    const timer = setTimeout(end(resolve), ms);
    signal?.addEventListener('abort', end(reject), { once: true, signal: over.signal });
    globalThis.addEventListener?.('online', end(resolve), { signal: over.signal });
  });
}
