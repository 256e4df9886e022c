import { request } from '../net/api.js';
import { countCodePoints } from '../text/code-points.js';
import { debounce } from '../ui/dom.js';
import { briefDrafts } from '../builder/local-storage.js';
import { merged, withLine, withoutLine } from './lines.js';

/** In code points, as the server counts. */
export const MAX_BRIEF_LENGTH = 4000;
const RETRY_MS = 5000;

/**
 * What a website is about, in its owner's words. What is typed is kept in this browser at once and saved soon after; when another device
 * saved meanwhile, both texts are kept. A "change" event says that the text or the state of saving changed.
 */
export class Brief extends EventTarget {
  #path;
  #stored = null;
  #isSaving = false;
  #loading = null;
  #saveSoon = debounce(600, () => this.#save());
  text = '';
  problem = null;
  isMerged = false;

  constructor(websiteId) {
    super();
    this.websiteId = websiteId;
    this.#path = `/api/websites/${websiteId}/brief`;
    addEventListener('online', () => this.#save());
    // What an earlier page could not save any more.
    if (briefDrafts.get(websiteId)) this.load().catch(() => {});
  }

  get isSaved() {
    return this.#stored !== null && this.text === this.#stored.text;
  }

  get isTooLong() {
    return countCodePoints(this.text) > MAX_BRIEF_LENGTH;
  }

  /** Read the brief, once; `isAgain` reads it as it is now. Throws an ApiError. */
  load({ isAgain = false } = {}) {
    if (isAgain || !this.#loading) this.#loading = this.#load();
    this.#loading.catch(() => (this.#loading = null));
    return this.#loading;
  }

  write(text) {
    this.text = text;
    this.isMerged = false;
    briefDrafts.save(this.websiteId, this.isSaved ? '' : text);
    this.#changed();
    this.#saveSoon();
  }

  /** Add a line and save; throws when that isn't possible. */
  async add(line) {
    await this.load({ isAgain: true });
    if (countCodePoints(withLine(this.text, line)) > MAX_BRIEF_LENGTH) throw new Error('The brief is full. Shorten it first.');
    this.write(withLine(this.text, line));
    await this.#save();
    if (this.problem) throw this.problem;
  }

  async remove(line) {
    this.write(withoutLine(this.text, line));
    await this.#save();
  }

  async #load() {
    const unsaved = this.#stored && !this.isSaved ? this.text : briefDrafts.get(this.websiteId);
    const base = this.#stored?.text ?? '';
    const { brief } = await request('GET', this.#path);
    // Typing may have gone on meanwhile.
    const mine = this.#stored && !this.isSaved ? this.text : unsaved;
    this.#stored = brief;
    this.text = mine ? merged(base, mine, brief.text) : brief.text;
    this.#changed();
    await this.#save();
  }

  async #save() {
    if (this.#isSaving || !this.#stored) return;
    this.#isSaving = true;
    this.problem = null;
    try {
      while (!this.isSaved && !this.isTooLong) await this.#put(this.text);
      if (this.isSaved) briefDrafts.save(this.websiteId, '');
    } catch (error) {
      this.problem = error;
      const mayPass = error.status === 0 || error.status >= 500;
      if (mayPass) setTimeout(() => this.#save(), RETRY_MS);
    }
    this.#isSaving = false;
    this.#changed();
  }

  async #put(text) {
    try {
      const { brief } = await request('PUT', this.#path, { text, updated_at: this.#stored.updated_at });
      this.#stored = { text, updated_at: brief.updated_at };
    } catch (error) {
      if (error.code !== 'brief_changed') throw error;
      this.text = merged(this.#stored.text, this.text, error.brief.text);
      this.#stored = error.brief;
      this.isMerged = true;
      this.#changed();
    }
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
