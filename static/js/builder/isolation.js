let answer = null;

/**
 * Whether this browser enforces Connection-Allowlist, without which a preview's scripts could still make the browser look up a
 * host name. Found out by what it does: from a page that may reach only itself, our own address can't be fetched.
 */
export function hasConnectionAllowlist() {
  answer ??= check().catch(() => false);
  return answer;
}

async function check() {
  const frame = Object.assign(document.createElement('iframe'), { src: '/preview-check', hidden: true });
  const loaded = new Promise((resolve) => { frame.onload = resolve; });
  document.body.append(frame);
  await loaded;
  const reaches = (path) => frame.contentWindow.fetch(path, { cache: 'no-store' }).then(({ ok }) => ok, () => null);
  const [itself, other, otherFromHere] = await Promise.all([reaches('/preview-check'), reaches('/healthz'), fetch('/healthz', { cache: 'no-store' }).then(({ ok }) => ok, () => null)]);
  frame.remove();
  return itself === true && otherFromHere === true && other === null;
}
