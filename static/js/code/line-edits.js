import { diffArrays } from 'diff';

/** How long two texts are compared at most, in milliseconds. */
const TIMEOUT = 800;
/** Texts that differ in more places than this are replaced from the first change to the last. */
const MOST_EDITS = 100;

/**
 * What makes one text of another, as edits for the API: {path, find, replace, start, end}, places in code points of the first. Each finds
 * whole lines, at least one where there is one, so that it can be looked for in a newer text, too.
 */
export function lineEdits(path, before, after) {
  const lines = { before: linesOf(before), after: linesOf(after) };
  const all = joined(changedRuns(lines), lines);
  const runs = all.length > MOST_EDITS ? [{ ...all[0], to: all.at(-1).to, newTo: all.at(-1).newTo }] : all;
  const places = codePoints(lines.before);
  return runs.map(({ from, to, newFrom, newTo }) => ({
    path,
    find: lines.before.slice(from, to).join(''),
    replace: lines.after.slice(newFrom, newTo).join(''),
    start: places[from],
    end: places[to],
  }));
}

const linesOf = (text) => (text ? text.split(/(?<=\n)/) : []);

/** The lines [from, to) that became the lines [newFrom, newTo), in order. */
function changedRuns({ before, after }) {
  const parts = diffArrays(before, after, { timeout: TIMEOUT });
  if (!parts) return [{ from: 0, to: before.length, newFrom: 0, newTo: after.length }];
  const runs = [];
  let [at, newAt, isInRun] = [0, 0, false];
  for (const { value, added, removed } of parts) {
    if ((added || removed) && !isInRun) runs.push({ from: at, to: at, newFrom: newAt, newTo: newAt });
    isInRun = Boolean(added || removed);
    if (!added) at += value.length;
    if (!removed) newAt += value.length;
    if (isInRun) Object.assign(runs.at(-1), { to: at, newTo: newAt });
  }
  return runs;
}

/** Runs with a line of the old text each; those that would touch are one. */
function joined(runs, { before }) {
  const result = [];
  for (const run of runs) {
    const isNew = run.from === run.to;
    if (isNew && run.from > 0) Object.assign(run, { from: run.from - 1, newFrom: run.newFrom - 1 });
    else if (isNew && before.length) Object.assign(run, { to: run.to + 1, newTo: run.newTo + 1 });
    const last = result.at(-1);
    if (last && run.from <= last.to) Object.assign(last, { to: Math.max(last.to, run.to), newTo: Math.max(last.newTo, run.newTo) });
    else result.push(run);
  }
  return result;
}

/** How many code points are before each line, and before the end. */
function codePoints(lines) {
  const places = [0];
  for (const line of lines) places.push(places.at(-1) + [...line].length);
  return places;
}
