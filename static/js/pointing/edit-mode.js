import { INDEX } from '../preview/destinations.js';
import { announce } from '../ui/announce.js';
import { find } from '../ui/dom.js';
import { toastError, toastOfPage } from '../ui/toasts.js';
import { EditPanel } from './edit-panel.js';
import { duplicated, moved, removed, typed, withAlternative, withLink, withPicture } from './edits.js';
import { InspectorFrame } from './inspector-frame.js';
import { labelOf, spoken } from './labels.js';
import { readSource } from './read-source.js';
import { Saving } from './saving.js';

/** A frame that doesn't say in so many milliseconds what was typed is given up. */
const PATIENCE = 3_000;

/** Edit mode of the preview: an element of the newest version is selected, and changed by hand or asked about. */
export class EditMode {
  #stage = find('#preview-stage');
  #frame;
  #panel;
  #saving;
  #source = null;
  #selection = null;
  #typing = null;
  #next = null;
  #isLeaving = false;
  #silence = null;
  #stopped = new AbortController();

  /** With `start`, the element is selected that begins there in the page's source, in code points. `on` has `ask` (gets a label and a target), `choosePicture` (calls what it gets with a picture), `leave`, and `keep` (gets typed text that could not be saved). */
  constructor({ websiteId, versions, preview, address, start = null }, on) {
    Object.assign(this, { versions, preview, on });
    this.#frame = new InspectorFrame(this.#stage, address);
    this.#panel = new EditPanel(this);
    this.#saving = new Saving(websiteId, versions, this.#panel);
    this.#stage.classList.add('is-edited');
    const { signal } = this.#stopped;
    versions.addEventListener('change', () => this.#follow(), { signal });
    const hear = (type, run) => this.#frame.addEventListener(type, ({ detail }) => run(detail), { signal });
    hear('shown', () => this.#frame.element.classList.remove('is-loading'));
    hear('place', ({ x, y }) => { preview.place = { x, y }; });
    hear('drag', () => preview.letDragThrough());
    hear('selected', (selection) => this.#select(selection));
    hear('typing', ({ number }) => { this.#typing = number; });
    hear('typed', (what) => this.#typed(what));
    hear('key', ({ key }) => this.#frame.hasFocus && this.act(key));
    this.#load(versions.shownId, { place: preview.place, start });
  }

  /** Leave edit mode, once what is being typed is saved; typed text that can't be is kept. */
  leave() {
    if (this.#typing === null) return this.#close();
    this.#isLeaving = true;
    this.#frame.tell({ type: false });
    this.#silence = setTimeout(() => this.#close(), PATIENCE);
  }

  #close() {
    if (this.#stopped.signal.aborted) return;
    this.#stopped.abort();
    if (this.#saving.unsaved) this.on.keep(this.#saving.unsaved);
    this.#frame.remove();
    this.#panel.remove();
    this.#stage.classList.remove('is-edited');
    this.preview.goTo(this.preview.place);
  }

  get source() {
    return this.#source;
  }

  /** Do what a button of the panel or a key says. */
  act(name) {
    const { number, previous, next } = this.#selection ?? {};
    if (name === 'undo' || name === 'redo') return find(`#${name}`).click();
    if (name === 'leave') return this.on.leave();
    if (number === undefined) return name === 'parent' && this.on.leave();
    if (['parent', 'child', 'previous', 'next'].includes(name)) return this.#frame.tell({ go: name });
    if (name === 'type') return this.#type();
    if (name === 'ask') return this.on.ask(spoken(labelOf(this.#source, number)), this.#source.target(number));
    if (name === 'swap') return this.#swap(this.#source, number);
    const makers = {
      duplicate: () => duplicated(this.#source, number),
      remove: () => removed(this.#source, number),
      up: () => (previous === null ? null : moved(this.#source, number, previous, -1)),
      down: () => (next === null ? null : moved(this.#source, number, next, 1)),
    };
    const change = makers[name]?.();
    // Of two that are alike, moving one past the other changes nothing: then the other is selected.
    const isSame = change && change.edit.find === change.edit.replace;
    return isSame ? this.select(name === 'up' ? previous : next) : this.#save(change);
  }

  /** Select an element by its number. */
  select(number) {
    this.#frame.tell({ select: this.#source.places[number][0] });
  }

  setLink(address) {
    this.#save(withLink(this.#source, this.#selection.number, address), address);
  }

  setAlternative(text) {
    this.#save(withAlternative(this.#source, this.#selection.number, text), text);
  }

  /** Give up what could not be saved, and show the page as it is. */
  discard() {
    this.#saving.discard();
    this.#show(this.#selection && this.#source.places[this.#selection.number][0]);
  }

  async tryAgain() {
    this.#frame.tell({ busy: true });
    if (!(await this.#saving.tryAgain().catch(toastError))) this.#frame.tell({ busy: false });
  }

  #swap(source, number) {
    this.on.choosePicture(async (picture) => {
      const { rows } = this.versions;
      // One that came from the device made a version, whose page is that of the version before.
      await this.#save(withPicture(source, number, picture), null, rows[0].id);
      if (this.versions.shownId !== rows[0].id) this.versions.show(rows[0].id);
    });
  }

  #type() {
    if (!this.#selection.canType) return;
    this.#frame.element.focus();
    this.#frame.tell({ type: true });
  }

  async #typed({ number, parts }) {
    clearTimeout(this.#silence);
    const isAsked = this.#typing === number;
    this.#typing = null;
    if (isAsked && parts !== null) await this.#save(typed(this.#source, number, parts), textIn(parts));
    if (this.#isLeaving) return this.#close();
    if (this.#next?.source.versionId === this.versions.shownId) this.#take(this.#next);
  }

  // `text` is what was typed: it is shown when it can't be saved.
  async #save(change, text = null, baseId = this.#source.versionId) {
    if (!change || this.#saving.isBusy || change.edit.find === change.edit.replace) return;
    // Until the new version's page is there: what was typed in the old one would not fit.
    this.#frame.tell({ busy: true });
    const isSaved = await this.#saving.save(baseId, change, text);
    if (!isSaved) this.#frame.tell({ busy: false });
    else if (!change.edit.replace) toastOfPage(change.summary);
  }

  #select({ number, ...facts }) {
    this.#selection = number === null ? null : { number, ...facts };
    this.#panel.draw(this.#source, this.#selection);
    if (this.#selection) announce(`Selected: ${spoken(labelOf(this.#source, number))}`);
  }

  // Another version is shown: the one that was just made here, or by undo, or one that can't be edited.
  #follow() {
    const { shownId, isNewestShown } = this.versions;
    if (!isNewestShown) return this.on.leave();
    const isSamePage = this.preview.path === this.#source?.path;
    if (isSamePage && shownId === this.#source.versionId) return;
    const at = this.#selection && isSamePage ? this.#source.places[this.#selection.number][0] : null;
    this.#load(shownId, { select: this.#saving.placeAfter(at) });
  }

  async #load(versionId, { select = null, place = null, start = null }) {
    const { path } = this.preview;
    try {
      const source = await readSource(versionId, path);
      if (this.#stopped.signal.aborted || this.versions.shownId !== versionId || this.preview.path !== path) return;
      if (start !== null) select = source.placeOf(start);
      // What is being typed is not replaced: it is saved first, or kept as what could not be saved.
      if (this.#typing === null) this.#take({ source, select, place });
      else this.#next = { source, select, place };
    } catch (error) {
      // The preview turns to a page that there is.
      if (error.code === 'not_found' && path !== INDEX) return;
      toastError(error);
      this.#frame.tell({ busy: false });
      if (!this.#source) this.on.leave();
    }
  }

  #take({ source, select, place }) {
    this.#next = null;
    this.#source = source;
    this.#show(select, place);
  }

  #show(select, place = null) {
    this.#typing = null;
    this.#frame.show(this.#source, select, place);
  }
}

const textIn = (parts) => parts.map((part) => (typeof part === 'string' ? part : Array.isArray(part) ? textIn(part[1]) : ' ')).join('').replace(/\s+/g, ' ').trim();
