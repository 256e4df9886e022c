const SHOWN_FOR = 5_000;
const STYLE = 'position:fixed;z-index:2147483647;left:50%;bottom:24px;transform:translateX(-50%);max-width:min(34rem,90vw);margin:0;padding:12px 18px;border:0;border-radius:10px;'
  + 'background:#15211b;color:#fff;font:15px/1.4 system-ui,sans-serif;box-shadow:0 8px 28px rgb(0 0 0/.35);overflow-wrap:anywhere';

/** In a tab of its own there is no builder around the page: say here why a link or form does nothing. */
export function tellHere({ kind }) {
  const host = document.createElement('div');
  const word = document.createElement('p');
  word.setAttribute('role', 'status');
  word.setAttribute('style', STYLE);
  word.textContent = kind === 'form' || kind === 'files' ? 'Sends once the site is published.' : 'This is a preview: the link works once the site is published.';
  host.attachShadow({ mode: 'closed' }).append(word);
  document.documentElement.append(host);
  setTimeout(() => host.remove(), SHOWN_FOR);
}
