import { diffArrays } from 'diff';

const CONTEXT = 3;
/** How long two texts are compared at most, in milliseconds. */
const TIMEOUT = 800;
const LONG_LINE = 200;

/**
 * The lines of two texts as runs, in order: {kind: 'same' | 'added' | 'removed', lines}. What is the same and far from any change is
 * `isFolded`. Texts that take too long to compare are one run removed and one added.
 */
export function textDiff(older, newer) {
  const [before, after] = [linesOf(older), linesOf(newer)];
  const runs = diffArrays(before, after, { timeout: TIMEOUT })?.map(({ value, added, removed }) => ({ kind: added ? 'added' : removed ? 'removed' : 'same', lines: value }));
  return (runs ?? [{ kind: 'removed', lines: before }, { kind: 'added', lines: after }]).flatMap(fold);
}

// A page on a single line is told apart by its tags.
function linesOf(text) {
  if (!text) return [];
  return text.replace(/\n$/, '').split('\n').flatMap((line) => (line.length > LONG_LINE ? line.split(/(?<=>)(?=<)/) : [line]));
}

function fold(run, at, runs) {
  const head = at === 0 ? 0 : CONTEXT;
  const tail = at === runs.length - 1 ? 0 : CONTEXT;
  if (run.kind !== 'same' || run.lines.length <= head + tail + 1) return [run];
  const part = (from, to, more) => ({ kind: 'same', lines: run.lines.slice(from, to), ...more });
  const end = run.lines.length - tail;
  return [part(0, head), part(head, end, { isFolded: true }), part(end)].filter(({ lines }) => lines.length);
}
