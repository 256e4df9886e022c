import { PreviewWatch } from '../builder/preview-watch.js';
import { h } from '../ui/dom.js';

/** How long a page's scripts are listened to after it has loaded, and how long it may take to load, in milliseconds. */
const HEARD_FOR = 1_200;
const PATIENCE = 8_000;
const MOST = 5;

/** Load a page with its scripts in its sandbox; resolves what went wrong in them, and whether it `hasAnswered`. */
export function loadWithScripts(stage, address) {
  const frame = h('iframe', { class: 'gate-frame', sandbox: 'allow-scripts', title: 'The page that is being checked', tabindex: -1, src: address, referrerpolicy: 'no-referrer' });
  const watch = new PreviewWatch(frame);
  const problems = new Set();
  watch.addEventListener('problem', ({ detail }) => problems.size < MOST && detail.text && problems.add(detail.text));
  return new Promise((resolve) => {
    const end = (hasAnswered) => {
      watch.stop();
      frame.remove();
      resolve({ problems: [...problems], hasAnswered });
    };
    const timer = setTimeout(end, PATIENCE, false);
    watch.addEventListener('page', () => {
      clearTimeout(timer);
      setTimeout(end, HEARD_FOR, true);
    }, { once: true });
    stage.replaceChildren(frame);
  });
}
