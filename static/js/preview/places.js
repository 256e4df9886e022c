import { changesIn, hashesOf, shapeOf } from './changes.js';
import { prefersCalm } from './elements.js';

const MARKED_FOR = 2_600;
const MOST_MARKS = 20;
/** Around what is less high than this there is room for a mark, in pixels; in what is higher, at its edge. */
const LOW = 160;
const MARKS = {
  around: [{ outline: '3px solid #e0a11b', outlineOffset: '6px', boxShadow: '0 0 0 6px rgb(224 161 27 / 0.22)' }, { outline: '3px solid transparent', outlineOffset: '6px', boxShadow: '0 0 0 6px transparent' }],
  within: [{ outline: '3px solid #e0a11b', outlineOffset: '-3px', boxShadow: 'inset 0 0 0 4px rgb(255 255 255 / 0.75)' }, { outline: '3px solid transparent', outlineOffset: '-3px', boxShadow: 'inset 0 0 0 4px transparent' }],
};

/** Tell the builder where the page is scrolled to, go where it says, and show what differs from another version. */
export function keepPlace(post, body) {
  const shape = shapeOf(body);
  let isDue = false;
  addEventListener('scroll', () => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      post({ preview: 'scroll', ...place() });
    });
  }, { passive: true });
  addEventListener('message', ({ source, data }) => {
    if (source !== parent || !data) return;
    if (data.place) go(() => scrollTo({ left: data.place.x, top: data.place.y, behavior: 'instant' }), post);
    if (typeof data.anchor === 'string') go(() => location.replace(`#${data.anchor}`), post);
    if (Array.isArray(data.compareWith)) showChanges(shape, data.compareWith);
    if (data.toTop) toTop();
  });
  return hashesOf(shape);
}

function go(scroll, post) {
  scroll();
  post({ preview: 'placed', ...place() });
  // Pictures and fonts may still make room above.
  if (document.readyState !== 'complete') addEventListener('load', scroll, { once: true });
}

function showChanges(shape, hashes) {
  const { parts, isAllNew } = changesIn(shape, hashes);
  if (isAllNew) return toTop();
  const marks = parts.filter((part) => part !== shape).map(({ element }) => ({ element, box: element.getBoundingClientRect() })).filter(({ box }) => box.width && box.height);
  const largest = marks.reduce((most, mark) => (most && area(most) >= area(mark) ? most : mark), null);
  if (!largest) return;
  if (!isSeen(largest.box)) scrollTo({ top: scrollY + largest.box.top - margin(largest.box), behavior: prefersCalm() ? 'instant' : 'smooth' });
  for (const { element, box } of marks.slice(0, MOST_MARKS)) fade(element, box.height < LOW ? MARKS.around : MARKS.within);
}

const place = () => ({ x: Math.round(scrollX), y: Math.round(scrollY) });
const toTop = () => scrollTo({ top: 0, behavior: prefersCalm() ? 'instant' : 'smooth' });
const area = ({ box }) => box.width * box.height;
const isSeen = ({ top, bottom, height }) => top < innerHeight && bottom > 0 && Math.min(bottom, innerHeight) - Math.max(top, 0) >= Math.min(height, innerHeight) * 0.5;
const margin = ({ height }) => Math.max((innerHeight - height) / 2, innerHeight * 0.12);

function fade(element, [mark, unmarked]) {
  const steps = prefersCalm() ? [mark, mark] : [mark, { ...mark, offset: 0.6 }, unmarked];
  element.animate(steps, { duration: MARKED_FOR, easing: 'ease-out' });
}
