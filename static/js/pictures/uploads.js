import { request } from '../net/api.js';
import { upload } from '../net/upload.js';
import { pathFor } from './names.js';

export const TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/avif'];
const LARGEST = 10 * 1024 * 1024;

/** The pictures of the website's newest version. */
export class Pictures {
  #last = Promise.resolve();

  constructor(websiteId, versions) {
    Object.assign(this, { websiteId, versions });
  }

  /** {path, media_type, size, sha256, width, height} of each. */
  async list() {
    return (await this.#newest()).assets.filter(({ media_type: type }) => type.startsWith('image/'));
  }

  /** In how many places the website's texts name a picture. */
  async countUses(path) {
    const texts = Object.values((await this.#newest()).files);
    return texts.reduce((count, text) => count + text.split(path).length - 1, 0);
  }

  /**
   * Upload a picture, which makes a version; several go one after the other. Resolves {file, version} of the API; throws an Error
   * whose message is for people. `onProgress` gets the share that is sent.
   */
  add(file, { onProgress = () => {}, signal = new AbortController().signal, isShown = true } = {}) {
    const added = this.#last.then(() => this.#add(file, { onProgress, signal, isShown }));
    this.#last = added.catch(() => {});
    return added;
  }

  /** Make a version without a picture. */
  async remove(path) {
    const { version } = await request('DELETE', `/api/websites/${this.websiteId}/files?path=${encodeURIComponent(path)}`);
    this.versions.add(version);
  }

  async #add(file, { onProgress, signal, isShown }) {
    signal.throwIfAborted();
    const problem = problemOf(file);
    if (problem) throw new Error(problem);
    const { files, assets } = await this.#newest();
    const path = pathFor(file.name, new Set([...Object.keys(files), ...assets.map((asset) => asset.path)]));
    const address = `/api/websites/${this.websiteId}/files?path=${encodeURIComponent(path)}`;
    const made = await upload(address, file, { headers: { 'content-type': file.type }, signal, onProgress });
    this.versions.add(made.version, { isShown });
    return made;
  }

  async #newest() {
    if (!this.versions.isLoaded) await this.versions.load();
    const [newest] = this.versions.rows;
    return newest ? this.versions.read(newest.id) : { files: {}, assets: [] };
  }
}

/** Where a picture can be seen. */
export const addressOf = ({ sha256 }) => `/api/files/${sha256}`;

function problemOf({ type, size }) {
  if (type === 'image/svg+xml') return 'SVG drawings may hold scripts, so they can’t be added. Save it as a PNG first.';
  if (!TYPES.includes(type)) return 'Only PNG, JPEG, WebP, GIF and AVIF pictures can be added.';
  if (!size) return 'This file is empty.';
  return size > LARGEST ? 'This picture is larger than 10 MB, which is the most.' : null;
}
