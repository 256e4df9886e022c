/** What keys mean while an element is selected: where to go, or what the builder is asked to do with it. */
export function meaningOf({ key, altKey, ctrlKey, metaKey, shiftKey }) {
  if (ctrlKey || metaKey) return altKey ? null : ({ z: shiftKey ? 'redo' : 'undo', y: ctrlKey && !shiftKey ? 'redo' : null }[key.toLowerCase()] ?? null);
  if (altKey) return { ArrowUp: 'up', ArrowDown: 'down' }[key] ?? null;
  return { Escape: 'parent', ArrowLeft: 'parent', ArrowRight: 'child', ArrowUp: 'previous', ArrowDown: 'next', Enter: 'type', F2: 'type', Delete: 'remove', Backspace: 'remove' }[key] ?? null;
}

export const WAYS = new Set(['parent', 'child', 'previous', 'next']);
