import { codeDrafts } from '../builder/local-storage.js';
import { request } from '../net/api.js';
import { lineEdits } from './line-edits.js';

/** The texts of a version while their code is changed. What is not saved is kept in this browser. */
export class CodeFiles {
  #changed = new Map();

  constructor(websiteId, versionId, texts) {
    Object.assign(this, { websiteId, versionId, texts });
  }

  /** Open a version's texts, or those that were changed before and not saved, with the version that they were changed from. */
  static async open(websiteId, versionId) {
    const draft = codeDrafts.get(websiteId);
    if (!draft) return new CodeFiles(websiteId, versionId, await textsOf(versionId));
    try {
      const files = new CodeFiles(websiteId, draft.versionId, await textsOf(draft.versionId));
      for (const [path, text] of Object.entries(draft.files)) files.change(path, text);
      return files;
    } catch (error) {
      if (error.code !== 'not_found') throw error;
      codeDrafts.save(websiteId, null);
      return CodeFiles.open(websiteId, versionId);
    }
  }

  get paths() {
    return Object.keys(this.texts);
  }

  get isChanged() {
    return this.#changed.size > 0;
  }

  textOf(path) {
    return this.#changed.get(path) ?? this.texts[path];
  }

  change(path, text) {
    if (text === this.texts[path]) this.#changed.delete(path);
    else this.#changed.set(path, text);
    codeDrafts.save(this.websiteId, this.isChanged ? { versionId: this.versionId, files: Object.fromEntries(this.#changed) } : null);
  }

  /** Give up what is not saved. */
  discard() {
    this.#changed.clear();
    codeDrafts.save(this.websiteId, null);
  }

  /** Make a version of what was changed and return it; `baseId` is another version to change, where each edit's lines are looked for. */
  async save(baseId = this.versionId) {
    const edits = [...this.#changed].flatMap(([path, text]) => lineEdits(path, this.texts[path], text));
    const placed = baseId === this.versionId ? edits : edits.map(({ path, find, replace }) => ({ path, find, replace }));
    const { version } = await request('POST', `/api/websites/${this.websiteId}/edits`, { base_version_id: baseId, edits: placed });
    return version;
  }
}

async function textsOf(versionId) {
  const { version } = await request('GET', `/api/versions/${versionId}`);
  return version.files;
}
