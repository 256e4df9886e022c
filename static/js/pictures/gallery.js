import { byteSize } from '../text/file-size.js';
import { confirmAction, openDialog } from '../ui/dialogs.js';
import { h, icon, iconButton } from '../ui/dom.js';
import { toastError, toastOfPage } from '../ui/toasts.js';
import { chooseFiles } from './chooser.js';
import { nameOf } from './names.js';
import { addressOf } from './uploads.js';

/**
 * Show the pictures of the website. `on` has `use` (gets a picture and the words to begin a message with), or, to have one chosen,
 * `choose` (gets the picture). Resolves when the dialog is closed.
 */
export function openGallery(pictures, on) {
  const list = h('ul', { class: 'gallery' });
  const note = h('p', { class: 'gallery-note', role: 'status' });
  const problem = h('p', { class: 'form-note problem', role: 'alert', hidden: true });
  let close;

  const draw = async () => {
    try {
      const found = await pictures.list();
      note.textContent = found.length ? '' : 'There are no pictures yet. Add the first ones: a logo, a photo of your shop, what you sell.';
      list.replaceChildren(...found.map(card));
    } catch (error) {
      say(error.message);
    }
  };
  const card = (asset) => h('li', {},
    h('span', { class: 'gallery-picture' }, h('img', { src: addressOf(asset), alt: nameOf(asset.path), loading: 'lazy', draggable: 'false' })),
    h('span', { class: 'gallery-words' }, h('strong', { title: asset.path }, nameOf(asset.path)), h('span', {}, facts(asset))),
    h('span', { class: 'gallery-actions' }, actions(asset)));
  const actions = (asset) => (on.choose
    ? h('button', { type: 'button', class: 'button small primary', onclick: () => choose(asset) }, 'Use this one')
    : [
      h('button', { type: 'button', class: 'button small', onclick: () => use(asset, 'Use this picture as the logo') }, 'Use as the logo'),
      h('button', { type: 'button', class: 'button small', onclick: () => use(asset, 'Use this picture ') }, 'Ask about it'),
      iconButton('trash', `Remove ${nameOf(asset.path)}`, () => remove(asset)),
    ]);
  const choose = (asset) => {
    close(null);
    on.choose(asset);
  };
  const use = (asset, words) => {
    close(null);
    on.use(asset, words);
  };
  const remove = async (asset) => {
    close(null);
    await askToRemove(pictures, asset).catch(toastError);
    openGallery(pictures, on);
  };
  const add = async (files) => {
    problem.hidden = true;
    for (const [at, file] of files.entries()) {
      note.textContent = files.length > 1 ? `Adding ${file.name} (${at + 1} of ${files.length})…` : `Adding ${file.name}…`;
      try {
        const { file: asset } = await pictures.add(file, { isShown: !on.choose });
        if (on.choose) {
          if (dialog.open) choose(asset);
          return;
        }
      } catch (error) {
        say(`${file.name} was not added. ${error.message}`);
      }
    }
    return draw();
  };
  const say = (words) => {
    note.textContent = '';
    problem.replaceChildren(icon('alert'), h('span', {}, words));
    problem.hidden = false;
  };

  const closed = openDialog(on.choose ? 'Choose a picture' : 'Pictures', (end) => {
    close = end;
    return [note, problem, list,
      h('div', { class: 'dialog-actions' },
        h('button', { type: 'button', class: 'button', onclick: () => chooseFiles(add, { isMany: !on.choose }) }, icon('plus'), on.choose ? 'From this device' : 'Add pictures'),
        h('button', { type: 'button', class: `button${on.choose ? '' : ' primary'}`, autofocus: true, onclick: () => close(null) }, on.choose ? 'Cancel' : 'Close'))];
  });
  const dialog = list.closest('dialog');
  dialog.classList.add('wide');
  dialog.addEventListener('drop', ({ dataTransfer }) => dataTransfer.files.length && add([...dataTransfer.files]));
  draw();
  return closed;
}

async function askToRemove(pictures, { path }) {
  const uses = await pictures.countUses(path);
  const sure = await confirmAction({ title: `Remove “${nameOf(path)}”?`, text: `${usesOf(uses)} Undo brings it back.`, action: 'Remove it' });
  if (!sure) return;
  await pictures.remove(path);
  toastOfPage(`Removed ${nameOf(path)}`);
}

const facts = ({ width, height, size }) => [width && `${width} × ${height} pixels`, byteSize(size)].filter(Boolean).join(', ');

function usesOf(count) {
  if (!count) return 'No page uses it.';
  return count === 1 ? 'It is used in one place, where nothing will be shown.' : `It is used in ${count} places, where nothing will be shown.`;
}
