import { announce } from '../ui/announce.js';
import { find, h, icon, iconButton } from '../ui/dom.js';
import { nameOf } from './names.js';
import { addressOf } from './uploads.js';

/** The pictures that the next message is about: chips above the message box, of which each can be removed. Emits `change`. */
export class ComposerPictures extends EventTarget {
  #list = find('#composer-pictures');
  #chips = [];

  /** `pictures` is a function that returns the website's Pictures; `onRemove` is called when the person removes one. */
  constructor(pictures, onRemove) {
    super();
    Object.assign(this, { pictures, onRemove });
  }

  /** The paths of those that are uploaded. */
  get paths() {
    return [...new Set(this.#chips.filter(({ path }) => path).map(({ path }) => path))];
  }

  get isBusy() {
    return this.#chips.some(({ leaving }) => leaving);
  }

  /** Upload a picture. */
  async upload(file) {
    const bar = h('progress', { max: 1, value: 0, 'aria-label': `Adding ${file.name}` });
    const leaving = new AbortController();
    const chip = this.#put({ leaving }, [bar, h('span', {}, file.name)], `Don’t add ${file.name}`);
    const onProgress = (share) => {
      if (share < 1) bar.value = share;
      else bar.removeAttribute('value');
    };
    try {
      const { file: asset } = await this.pictures().add(file, { onProgress, signal: leaving.signal });
      if (!leaving.signal.aborted) this.#show(chip, asset);
      announce(`${nameOf(asset.path)} is added.`);
    } catch (error) {
      if (!leaving.signal.aborted) this.#fail(chip, file, error);
    }
    chip.leaving = null;
    this.#changed();
  }

  /** Name a picture that the website has. */
  choose(asset) {
    if (!this.paths.includes(asset.path)) this.#show(this.#put({}, []), asset);
    this.#changed();
  }

  /** Name pictures of which only the paths are known, instead of those that are named now. */
  set(paths) {
    for (const chip of this.#chips.filter(({ leaving }) => !leaving)) this.#drop(chip);
    this.append(paths);
  }

  append(paths) {
    const isNew = (path) => !this.paths.includes(path);
    const chips = paths.filter(isNew).map((path) => this.#put({ path }, [icon('picture'), h('span', {}, nameOf(path))], `Without ${nameOf(path)}`));
    this.#changed();
    if (chips.length) this.#findThumbnails(chips);
  }

  async #findThumbnails(chips) {
    const assets = await this.pictures().list().catch(() => []);
    for (const chip of chips) {
      const asset = assets.find(({ path }) => path === chip.path);
      if (asset) this.#show(chip, asset);
    }
  }

  #put(chip, content, label = '') {
    chip.element = h('li', { class: 'picture-chip' });
    this.#chips.push(chip);
    this.#fill(chip, content, label);
    this.#list.append(chip.element);
    this.#changed();
    return chip;
  }

  #fill(chip, content, label) {
    const remove = iconButton('close', label, () => {
      chip.leaving?.abort();
      this.#drop(chip);
      this.#changed();
      this.onRemove();
    });
    chip.element.replaceChildren(...content, remove);
  }

  #show(chip, asset) {
    chip.path = asset.path;
    const thumbnail = h('img', { src: addressOf(asset), alt: '', width: 32, height: 32, draggable: 'false' });
    this.#fill(chip, [thumbnail, h('span', { title: asset.path }, nameOf(asset.path))], `Without ${nameOf(asset.path)}`);
  }

  #fail(chip, file, error) {
    chip.element.classList.add('is-failed');
    const again = iconButton('retry', `Add ${file.name} again`, () => {
      this.#drop(chip);
      this.upload(file);
    });
    const words = h('span', { role: 'alert' }, h('strong', {}, file.name), ' was not added. ', error.message);
    this.#fill(chip, [icon('alert'), words, error.code ? again : ''], 'Close');
  }

  #drop(chip) {
    chip.element.remove();
    this.#chips = this.#chips.filter((each) => each !== chip);
  }

  #changed() {
    this.#list.hidden = this.#chips.length === 0;
    this.dispatchEvent(new Event('change'));
  }
}
