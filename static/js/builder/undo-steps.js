/**
 * What undo and redo of the page go to: {undo, redo}, each a version or null. They are read from the versions themselves, newest
 * first in `rows`, so that they are the same on every device: a restore of the version before is an undo, one of the version that
 * was undone a redo.
 */
export function undoSteps(rows) {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const done = [];
  let undone = [];
  let current = null;
  for (const row of lineOf(rows[0], byId)) {
    const shown = contentOf(row, byId);
    if (row !== shown && shown === done.at(-1)) undone.push(current) && done.pop();
    else if (row !== shown && shown === undone.at(-1)) done.push(current) && undone.pop();
    else {
      if (current) done.push(current);
      undone = [];
    }
    current = shown;
  }
  return { undo: done.at(-1) ?? null, redo: undone.at(-1) ?? null };
}

/** A version after all that it was made from, the first one first. */
function lineOf(newest, byId) {
  const line = [];
  for (let row = newest; row; row = byId.get(row.base_version_id)) line.unshift(row);
  return line;
}

/** The version whose files a restore, or a restore of a restore, brought back. */
function contentOf(row, byId) {
  let found = row;
  while (found.source === 'restore' && byId.has(found.restored_from)) found = byId.get(found.restored_from);
  return found;
}
