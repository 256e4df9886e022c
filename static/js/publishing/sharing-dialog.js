import { nameOf } from '../builder/site-pages.js';
import { request } from '../net/api.js';
import { upload } from '../net/upload.js';
import { openGallery } from '../pictures/gallery.js';
import { addressOf } from '../pictures/uploads.js';
import { openDialog } from '../ui/dialogs.js';
import { h, icon } from '../ui/dom.js';
import { toast } from '../ui/toasts.js';
import { coloursOf } from './card-colours.js';
import { addressFrom, headEdits, headOf } from './head-edits.js';
import { drawCard, drawIcon, looksFor } from './link-card.js';

const CARD_PATH = 'images/card.png';
const ICON_PATH = 'images/icon.png';
const STORED = (path) => path.replace(/png$/, 'webp');
const LENGTHS = { title: 60, description: 155 };
const SUMMARY = 'Changed how pages show in search and when shared';

/** Show, and change, what search engines and link cards show of each page of the newest version. `page` has the components of the builder page. */
export async function openSharing(page) {
  const { versions, website } = page;
  const [newest] = versions.rows;
  const [{ pages }, { files, assets }] = await Promise.all([request('GET', `/api/versions/${newest.id}/pages`), versions.read(newest.id)]);
  const sharing = new Sharing(page, { pages, files, assets });
  await openDialog('Search and sharing', (close) => sharing.build(close, website.name));
}

class Sharing {
  #card = h('canvas', { class: 'card-canvas', role: 'img', 'aria-label': 'The card that is shown with a link' });
  #icon = h('canvas', { class: 'icon-canvas', 'aria-hidden': 'true' });
  #problem = h('p', { class: 'publishing-problem', role: 'alert', hidden: true });
  #save = h('button', { type: 'button', class: 'button primary', onclick: () => this.#store() }, 'Save');
  #fields = {};
  #picture = null;
  #look = null;
  #isCardChanged = false;
  #letters = null;

  constructor(page, { pages, files, assets }) {
    Object.assign(this, { page, pages, files, assets });
    this.path = pages.some(({ path }) => path === page.preview.path) ? page.preview.path : pages[0].path;
    /** By path: what was typed. */
    this.typed = new Map();
  }

  build(close, siteName) {
    this.close = close;
    this.siteName = siteName;
    const select = h('select', { class: 'input', id: 'sharing-page', onchange: ({ target }) => this.#choose(target.value) }, this.pages.map(({ path, title }) => h('option', { value: path, selected: path === this.path }, nameOf(path, title))));
    for (const [name, label, tag] of [['title', 'Title', 'input'], ['description', 'Description', 'textarea']]) {
      const count = h('span', { class: 'field-count' });
      const field = h(tag, { class: 'input', id: `sharing-${name}`, rows: tag === 'textarea' ? 3 : null, maxlength: 300, 'aria-describedby': `sharing-${name}-count`, oninput: () => this.#type(name) });
      count.id = `sharing-${name}-count`;
      this.#fields[name] = { field, count, root: h('div', { class: 'field' }, h('label', { for: field.id }, label), field, count) };
    }
    this.result = h('div', { class: 'result-card', 'aria-label': 'As a search result', role: 'group' });
    this.words = h('div', { class: 'link-card-words' });
    this.linkCard = h('div', { class: 'link-card', 'aria-label': 'As a link that somebody shares', role: 'group' }, this.#card, this.words);
    this.#choose(this.path);
    this.#begin();
    return [h('div', { class: 'sharing' },
      h('div', { class: 'sharing-fields' },
        this.pages.length > 1 ? h('div', { class: 'field' }, h('label', { for: 'sharing-page' }, 'Page'), select) : null,
        this.#fields.title.root, this.#fields.description.root,
        h('fieldset', { class: 'sharing-icon' }, h('legend', {}, 'Icon in the browser’s tab, for all pages'), this.#icon,
          h('input', { class: 'input', 'aria-label': 'Letters or an emoji of the icon', maxlength: 4, value: this.#firstLetter, oninput: ({ target }) => this.#setLetters(target.value) }))),
      h('div', { class: 'sharing-previews' },
        h('h3', {}, 'In search results'), this.result,
        h('h3', {}, 'When somebody shares the link'), this.linkCard,
        h('div', { class: 'publishing-row' },
          h('button', { type: 'button', class: 'button small', onclick: () => this.#redraw() }, icon('retry'), 'Draw it another way'),
          h('button', { type: 'button', class: 'button small', onclick: () => this.#choosePicture() }, icon('picture'), 'Choose a picture')))),
    this.#problem,
    h('div', { class: 'dialog-actions' }, h('button', { type: 'button', class: 'button quiet', onclick: () => close(null) }, 'Cancel'), this.#save)];
  }

  get #head() {
    return this.typed.get(this.path) ?? headOf(this.files[this.path]);
  }

  get #colours() {
    return coloursOf(this.files[this.path]);
  }

  get #firstLetter() {
    return [...this.siteName][0]?.toUpperCase() ?? 'A';
  }

  #choose(path) {
    this.path = path;
    const head = this.#head;
    for (const [name, { field }] of Object.entries(this.#fields)) field.value = head[name];
    this.#draw();
  }

  #type(name) {
    this.typed.set(this.path, { ...this.#head, [name]: this.#fields[name].field.value.trim() });
    this.#draw();
    if (this.#look && name === 'title') this.#drawCard();
  }

  // The card that there is, else one of the page's title, colours and first picture.
  async #begin() {
    drawIcon(this.#icon, this.#firstLetter, this.#colours);
    const stored = this.assets.find(({ path }) => path === STORED(CARD_PATH));
    const first = this.assets.find(({ path, media_type: type }) => type.startsWith('image/') && !path.startsWith('images/card') && !path.startsWith('images/icon') && this.files[this.pages[0].path].includes(path));
    if (stored) {
      this.#picture = await loaded(addressOf(stored));
      if (this.#picture) return drawCard(this.#card, this.#cardOf(), 'picture');
    }
    this.#picture = first ? await loaded(addressOf(first)) : null;
    this.#look = looksFor(this.#picture)[0];
    this.#isCardChanged = true;
    this.#drawCard();
  }

  #cardOf() {
    return { title: headOf(this.files[this.pages[0].path]).title || this.siteName, name: this.siteName, colours: this.#colours, picture: this.#picture };
  }

  #drawCard() {
    const first = this.typed.get(this.pages[0].path);
    drawCard(this.#card, { ...this.#cardOf(), ...(first && { title: first.title }) }, this.#look);
  }

  #redraw() {
    const looks = looksFor(this.#look ? this.#picture : null);
    this.#look = looks[(looks.indexOf(this.#look) + 1) % looks.length];
    this.#isCardChanged = true;
    this.#drawCard();
  }

  #choosePicture() {
    openGallery(this.page.pictures, { choose: async (asset) => {
      this.#picture = await loaded(addressOf(asset));
      if (!this.#picture) return;
      this.#look = 'cover';
      this.#isCardChanged = true;
      this.#drawCard();
    } });
  }

  #setLetters(text) {
    const letters = [...text.trim()].slice(0, 2).join('');
    this.#letters = letters || null;
    drawIcon(this.#icon, letters || this.#firstLetter, this.#colours);
  }

  #draw() {
    const { title, description } = this.#head;
    for (const [name, { field, count }] of Object.entries(this.#fields)) {
      const length = [...field.value.trim()].length;
      count.textContent = `${length} of about ${LENGTHS[name]} characters`;
      count.classList.toggle('is-over', length > LENGTHS[name]);
    }
    const address = this.page.publishing?.publication.current?.url.replace(/^https?:\/\//, '').replace(/\/$/, '') ?? 'your-website';
    this.result.replaceChildren(
      h('p', { class: 'result-address' }, address, this.path === this.pages[0].path ? '' : ` › ${this.path}`),
      h('p', { class: 'result-title' }, cut(title || this.siteName, LENGTHS.title)),
      h('p', { class: 'result-description' }, cut(description, LENGTHS.description) || 'Without a description, search engines show any words of the page.'));
    this.words.replaceChildren(h('span', {}, address), h('strong', {}, title || this.siteName), h('span', {}, cut(description, 110)));
  }

  async #store() {
    this.#problem.hidden = true;
    this.#save.setAttribute('aria-busy', 'true');
    try {
      if (this.#isCardChanged) await this.#upload(CARD_PATH, this.#card);
      if (this.#letters) await this.#upload(ICON_PATH, this.#icon);
      await this.#saveHeads();
      toast('Saved. Publish to show it to everybody.');
      this.close(null);
    } catch (error) {
      this.#problem.textContent = error.code === 'edit_conflict' ? 'The website was changed elsewhere meanwhile. Close this, and open it again.' : error.message;
      this.#problem.hidden = false;
    }
    this.#save.removeAttribute('aria-busy');
  }

  async #saveHeads() {
    const { versions, website } = this.page;
    const edits = this.pages.flatMap(({ path }) => {
      const before = headOf(this.files[path]);
      const { title, description } = this.typed.get(path) ?? before;
      return headEdits(path, this.files[path], {
        title: title === before.title ? undefined : title,
        description: description === before.description ? undefined : description,
        icon: this.#letters ? addressFrom(path, STORED(ICON_PATH)) : undefined,
      });
    });
    if (!edits.length) return;
    const { version } = await request('POST', `/api/websites/${website.id}/edits`, { base_version_id: versions.rows[0].id, edits, summary: SUMMARY });
    versions.add(version);
  }

  async #upload(path, canvas) {
    const { versions, website } = this.page;
    const blob = await new Promise((resolve) => { canvas.toBlob(resolve, 'image/png'); });
    const { version } = await upload(`/api/websites/${website.id}/files?path=${encodeURIComponent(path)}`, blob, { headers: { 'content-type': 'image/png' }, signal: new AbortController().signal, onProgress: () => {} });
    versions.add(version);
    // What is uploaded already is not again, when a later step fails.
    if (path === CARD_PATH) this.#isCardChanged = false;
  }
}

function loaded(address) {
  return new Promise((resolve) => {
    const image = Object.assign(new Image(), { src: address, onload: () => resolve(image), onerror: () => resolve(null) });
  });
}

const cut = (text, length) => ([...text].length > length ? `${[...text].slice(0, length - 1).join('').trimEnd()}…` : text);
