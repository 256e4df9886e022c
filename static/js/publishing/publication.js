import { request } from '../net/api.js';

/** What everybody can see of a website. Emits `change`. */
export class Publication extends EventTarget {
  /** {slug, url, version_id, published_at}, null while it is offline. */
  current = null;
  isLoaded = false;
  #address;

  constructor(websiteId) {
    super();
    this.#address = `/api/websites/${websiteId}/publication`;
  }

  async load() {
    this.#set((await request('GET', this.#address)).publication);
  }

  /** Publish a version; without a slug the website keeps its own. */
  async publish({ versionId, slug }) {
    this.#set((await request('PUT', this.#address, { version_id: versionId, ...(slug && { slug }) })).publication);
  }

  /** Whether the website could have a slug: {problem (a code, null where it could), message}; null for the one it has. */
  async checkSlug(slug, signal) {
    return slug === this.current?.slug ? null : request('GET', `${this.#address}/slug?slug=${encodeURIComponent(slug)}`, undefined, signal);
  }

  async unpublish() {
    await request('DELETE', this.#address);
    this.#set(null);
  }

  /** What was live when, the newest first. */
  async history() {
    return (await request('GET', `${this.#address}/history?limit=30`)).events;
  }

  #set(publication) {
    this.current = publication;
    this.isLoaded = true;
    this.dispatchEvent(new Event('change'));
  }
}

/** How a publication and the versions of its website are to each other: `offline`, `current`, or `behind` the newest version. */
export function stateOf(publication, newestId) {
  if (!publication) return 'offline';
  return publication.version_id === newestId || !newestId ? 'current' : 'behind';
}
