import { find, h, icon } from './dom.js';

/** What browsers say when a module that is loaded late can't be had. */
const IS_OF_IMPORT = /importing a module|imported module/i;
const NOT_LOADED = 'This could not be loaded. Check your connection, or reload the page.';

/** What somebody needs at the bottom of a narrow screen. */
const NEEDED = '.composer-area, #jump-latest, #edit-panel, #comments';
let observer = null;

/** Show a short notice in the corner (a polite live region). */
export function toast(text, { tone = 'plain', seconds = 5, action = null } = {}) {
  const item = h('div', { class: `toast ${tone}` }, icon(tone === 'problem' ? 'alert' : 'check'), h('span', {}, text));
  if (action) item.append(actionButton(item, action));
  if (!observer) watchNeeded();
  find('#toasts').append(item);
  setTimeout(() => item.remove(), seconds * 1000);
  return item;
}

/** Tell the style sheet, now and whenever it changes, how high what is needed at the bottom of the screen is. */
function watchNeeded() {
  const needed = [...document.querySelectorAll(NEEDED)];
  observer = new ResizeObserver(() => {
    const tops = needed.filter((element) => element.checkVisibility()).map((element) => element.getBoundingClientRect().top);
    const height = innerHeight - Math.min(innerHeight, ...tops);
    // Of what is higher, some has to be covered.
    find('#toasts').style.setProperty('--needed', `${Math.min(height, innerHeight * 0.7)}px`);
  });
  for (const element of needed) observer.observe(element);
}

function actionButton(item, { label, run }) {
  const act = () => {
    item.remove();
    run();
  };
  return h('button', { type: 'button', class: 'button small', onclick: act }, label);
}

/** Show a notice for longer, with an Undo button unless `run` is null. */
export function toastWithUndo(text, run) {
  toast(text, { seconds: 12, action: run && { label: 'Undo', run } });
}

/** Show a change of the page, with an Undo button until the page changes again: that undoes the latest change. */
export function toastOfPage(text) {
  toast(text, { seconds: 12, action: { label: 'Undo', run: () => find('#undo').click() } }).dataset.ofPage = '';
}

/** Take such notices away. */
export function dropToastsOfPage() {
  for (const item of document.querySelectorAll('.toast[data-of-page]')) item.remove();
}

export function toastError(error) {
  if (error.name !== 'AbortError') toast(IS_OF_IMPORT.test(error.message) ? NOT_LOADED : error.message, { tone: 'problem', seconds: 8 });
}

/** Move the notices into the dialog that is on top: what is outside of it is dimmed, and can't be pressed. */
export function raiseToasts() {
  const top = [...document.querySelectorAll('dialog:modal')].at(-1) ?? document.body;
  top.append(find('#toasts'));
}
