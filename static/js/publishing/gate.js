import { isUnfinished, markBegun, markFinished } from '../builder/preview-loads.js';
import { nameOf } from '../builder/site-pages.js';
import { request } from '../net/api.js';
import { readSource } from '../pointing/read-source.js';
import { INDEX } from '../preview/destinations.js';
import { CheckerFrame } from './checker-frame.js';
import { findingsOf, scriptFindings } from './finding-words.js';
import { loadWithScripts } from './script-load.js';

/**
 * The checks of a version before it is published: those of the server, and in this browser two loads of each page, with its scripts and
 * without them. Resolves {pages, findings, notes}; throws an ApiError when the server can't be reached.
 */
export class Gate {
  #stage;
  #preview;
  #address;

  /** `stage` shows the pages; `onStep(done, all, words)` is told how far the checks are. */
  constructor({ stage, preview, address, onStep }) {
    this.#stage = stage;
    this.#preview = preview;
    this.#address = address;
    this.onStep = onStep;
  }

  /** Rejects with the signal's reason when it is aborted. */
  check(versionId, signal) {
    const aborted = new Promise((_resolve, reject) => { signal.addEventListener('abort', () => reject(signal.reason), { once: true }); });
    return Promise.race([this.#check(versionId, signal), aborted]);
  }

  async #check(versionId, signal) {
    this.onStep(0, 1, 'Reading the pages');
    const onServer = request('GET', `/api/versions/${versionId}/checks`);
    const [{ pages }, runsScripts] = await Promise.all([request('GET', `/api/versions/${versionId}/pages`), this.#preview.mayRunScripts(versionId)]);
    const findings = [];
    const notes = runsScripts ? [] : ['The pages’ scripts were not tried: in this browser they could tell other computers what is on the page.'];
    let done = 1;
    const all = 1 + pages.length * (runsScripts ? 2 : 1);
    const step = (path, what) => {
      signal.throwIfAborted();
      this.onStep(done++, all, `${nameOf(path, pages.find((page) => page.path === path).title)}: ${what}`);
    };
    for (const { path } of runsScripts ? pages : []) {
      step(path, 'as a browser runs it');
      findings.push(...(await this.#withScripts(versionId, path)));
    }
    findings.push(...(await this.#withoutScripts(versionId, pages, step, notes)));
    const { findings: found } = await onServer;
    this.onStep(all, all, 'Done');
    return { pages, findings: [...found, ...findings], notes };
  }

  // A page that hung a tab before is not loaded with its scripts again.
  async #withScripts(versionId, path) {
    const key = path === INDEX ? versionId : `${versionId}/${path}`;
    if (isUnfinished(key) && key !== this.#preview.loadKey) return scriptFindings({ problems: [], hasAnswered: false }, path);
    markBegun(key);
    const query = new URLSearchParams({ ...(path !== INDEX && { page: path }), scripts: 'on' });
    const load = await loadWithScripts(this.#stage, `/preview/${versionId}?${query}`);
    if (load.hasAnswered) markFinished(key);
    return scriptFindings(load, path);
  }

  async #withoutScripts(versionId, pages, step, notes) {
    const frame = new CheckerFrame(this.#stage, this.#address);
    const findings = [];
    for (const { path } of pages) {
      step(path, 'on a phone, and for everybody');
      const source = await readSource(versionId, path);
      const told = await frame.check(source);
      if (told.failed === undefined) findings.push(...findingsOf(told, source));
      else notes.push(`${path} could not be looked at in this browser. ${told.failed}`);
    }
    frame.remove();
    return findings;
  }
}
