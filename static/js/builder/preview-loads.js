import { uuid } from '../net/uuid.js';

// Which previews are being loaded, in localStorage: a mark is set before a version's page is shown, and removed once the page has
// loaded and stayed well. A mark that is found later is of a page that hung or crashed its tab.

const PREFIX = 'preview_load_';
const TAB = 'preview_tab';
// In another tab a load that began so recently may still be under way.
const UNDER_WAY = 15_000;

/** Whether the last load of this version's page did not finish. */
export function isUnfinished(versionId) {
  const mark = markOf(versionId);
  return mark !== null && (mark.tab === thisTab() || Date.now() - mark.at > UNDER_WAY);
}

export function markBegun(versionId) {
  attempt(() => localStorage.setItem(PREFIX + versionId, JSON.stringify({ tab: thisTab(), at: Date.now() })));
}

export function markFinished(versionId) {
  if (markOf(versionId)?.tab === thisTab()) attempt(() => localStorage.removeItem(PREFIX + versionId));
}

function markOf(versionId) {
  return attempt(() => JSON.parse(localStorage.getItem(PREFIX + versionId)));
}

function thisTab() {
  return attempt(() => {
    const known = sessionStorage.getItem(TAB) ?? uuid();
    sessionStorage.setItem(TAB, known);
    return known;
  });
}

function attempt(task) {
  try {
    return task();
  } catch {
    // Private windows may block storage; the page works without it.
    return null;
  }
}
