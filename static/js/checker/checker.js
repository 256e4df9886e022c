// The only script text that the policy of the frame for the checks before publishing allows. It shows pages one after the other, without
// their scripts, and tells the builder by a port what axe-core finds and whether the page scrolls sideways: numbers and plain text.
import '../preview/guard.js';
import axe from 'axe-core';
import { MarkedPage } from '../inspector/marked-page.js';
import { boxOf } from '../inspector/natives.js';

/** What the server's checks find, with their own words. */
const CHECKED_ELSEWHERE = [
  'html-has-lang', 'document-title', 'image-alt', 'label', 'link-name', 'button-name', 'heading-order', 'page-has-heading-one', 'meta-viewport',
  'landmark-one-main', 'region', 'bypass', 'empty-heading', 'skip-link',
];
const MOST = 20;
/** Beyond the window, in pixels: what a rounded width may be. */
const TOLERATED = 1;

const rules = Object.fromEntries(CHECKED_ELSEWHERE.map((id) => [id, { enabled: false }]));
let root = document.documentElement;

async function check({ number, page }, port) {
  const marked = new MarkedPage(page);
  root.replaceWith(marked.root);
  root = marked.root;
  scrollTo(0, 0);
  await settled();
  const { violations } = await axe.run(document, { rules, elementRef: true, iframes: false, preload: false, resultTypes: ['violations'] });
  const findings = violations.map(({ id, impact, help, nodes }) => ({ rule: id, impact, help, elements: nodes.slice(0, MOST).map(({ element }) => marked.closest(element)) }));
  port.postMessage({ checked: number, findings, ...sideways(marked) });
}

// Fonts and pictures are data URLs: they are there soon. What moves is shown as it ends.
async function settled() {
  await Promise.race([document.fonts.ready, later(1_000)]);
  await later(50);
  for (const animation of document.getAnimations()) {
    try {
      animation.finish();
    } catch {
      // One without an end stays as it is.
    }
  }
}

const later = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** How far the page scrolls sideways, in pixels, and the elements that reach farthest. */
function sideways(marked) {
  scrollTo({ left: 1e6, top: 0, behavior: 'instant' });
  const beyond = Math.round(Math.abs(scrollX));
  scrollTo({ left: 0, top: 0, behavior: 'instant' });
  if (beyond <= TOLERATED) return { beyond: 0, widest: [] };
  const reach = marked.elements.map((element, number) => ({ number, right: element ? boxOf(element).right : 0 })).filter(({ right }) => right > innerWidth + TOLERATED);
  const farthest = Math.max(...reach.map(({ right }) => right));
  // The innermost of those that reach as far.
  const widest = reach.filter(({ right }) => right > farthest - TOLERATED).at(-1);
  return { beyond, widest: widest ? [widest.number] : [] };
}

addEventListener('message', function begin({ source, ports: [port] }) {
  if (source !== parent || !port) return;
  removeEventListener('message', begin);
  port.onmessage = ({ data }) => check(data, port).catch(({ message }) => port.postMessage({ failed: data.number, text: String(message) }));
});
parent.postMessage({ preview: 'ready' }, '*');
