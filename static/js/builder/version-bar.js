import { find } from '../ui/dom.js';

/** Says which version is shown when it isn't the newest, or when the conversation goes on from another one. */
export class VersionBar {
  #bar = find('#old-version');
  #buttons = { restore: find('#old-version-restore'), compare: find('#old-version-compare'), show: find('#old-version-latest') };
  #goal = null;

  /** `on` has `restore`, `compare` and `show`, which get a version's id. */
  constructor(on) {
    this.#buttons.restore.addEventListener('click', () => on.restore(this.#shown.id));
    this.#buttons.compare.addEventListener('click', () => on.compare(this.#shown.id, this.#latest.id));
    this.#buttons.show.addEventListener('click', () => on.show(this.#goal.id));
  }

  #shown = null;
  #latest = null;

  /** Versions of the list: the one in the preview, the one that the conversation goes on from (null for none), and all, newest first. */
  draw(shown, standing, rows) {
    const [latest] = rows;
    this.#shown = shown;
    this.#latest = latest;
    const isOld = shown !== latest;
    this.#bar.hidden = !latest || (!isOld && standing === latest);
    if (this.#bar.hidden) return;
    find('#old-version-text').textContent = isOld ? describeOld(shown, standing, latest) : describeNewest(latest, standing);
    find('#old-version-since').textContent = isOld ? since(shown, rows) : '';
    this.#goal = isOld ? latest : standing;
    this.#buttons.show.hidden = !this.#goal;
    this.#buttons.show.textContent = isOld ? 'Show the newest' : `Show version ${standing?.number}`;
    for (const name of ['restore', 'compare']) this.#buttons[name].hidden = !isOld || !shown;
  }
}

function describeOld(shown, standing, latest) {
  const newer = latest.number - (shown?.number ?? 0);
  const count = `${newer} newer ${newer === 1 ? 'version' : 'versions'}`;
  if (!shown) return `No page yet, as of this message; ${count}. Your next message here begins a new page.`;
  const place = `Version ${shown.number} of ${latest.number}`;
  return shown === standing ? `${place}, as of this message; ${count}. Your next message here goes on from it.` : `${place}; ${count}.`;
}

function describeNewest(latest, standing) {
  return `Version ${latest.number}, the newest. Your next message here ${standing ? `goes on from version ${standing.number}` : 'begins a new page'}.`;
}

/** What the versions since were made for, the newest first. */
function since(shown, rows) {
  const made = rows.filter((row) => row.number > (shown?.number ?? 0)).map((row) => row.summary).filter(Boolean);
  if (!made.length) return '';
  const more = made.length > 2 ? ` and ${made.length - 2} more` : '';
  return `Since then: ${made.slice(0, 2).map((text) => `“${shorten(text)}”`).join(', ')}${more}`;
}

const shorten = (text) => (text.length > 60 ? `${text.slice(0, 59)}…` : text);
