// The messages of a chat form a tree: `follows_id` is the parent, and siblings are alternatives. The page shows one path
// through it. Messages that are not on the server yet have no `seq`; one of these without `follows_id` is placed after
// the newest message.

const isUnsent = (message) => Boolean(message.delivery) && message.delivery !== 'saved';
const order = (message) => (isUnsent(message) ? Number.MAX_VALUE : (message.seq ?? Number.MAX_SAFE_INTEGER));

/**
 * Build the tree of the loaded messages; `isWhole` is false while older messages are not loaded.
 *
 * A parent is null for a first message and undefined while it is not loaded. The children of a deleted message become
 * children of the message that was written before it.
 */
export function buildTree(messages, { isWhole = true } = {}) {
  const all = [...messages].sort((a, b) => order(a) - order(b));
  const byId = new Map(all.map((message) => [message.id, message]));
  const newest = all.findLast((message) => !isUnsent(message)) ?? null;
  const parents = new Map();
  const children = new Map();
  all.forEach((message, at) => {
    const parent = parentOf(message, at);
    parents.set(message.id, parent);
    const key = parent === undefined ? undefined : (parent?.id ?? null);
    children.set(key, [...(children.get(key) ?? []), message]);
  });

  function parentOf(message, at) {
    if (message.follows_id === undefined) return isUnsent(message) ? newest : (all[at - 1] ?? null);
    if (message.follows_id === null) return null;
    return byId.get(message.follows_id) ?? (isWhole ? (all[at - 1] ?? null) : undefined);
  }

  return { all, byId, newest, parents, children, isWhole };
}

/** The loaded messages from the first one to `leafId` (default: the newest), then the messages that wait to be sent. */
export function pathTo(tree, leafId = null) {
  const leaf = tree.byId.get(leafId) ?? tree.newest ?? tree.all.at(-1) ?? null;
  const path = [];
  for (let message = leaf; message; message = tree.parents.get(message.id)) path.unshift(message);
  const waiting = tree.all.filter((message) => isUnsent(message) && message.follows_id === undefined && message !== leaf);
  return leaf === tree.newest ? [...path, ...waiting] : path;
}

/** A message and its alternatives, oldest first. */
export function alternatives(tree, message) {
  const parent = tree.parents.get(message.id);
  if (parent === undefined || (isUnsent(message) && message.follows_id === undefined)) return [message];
  const isAlternative = (other) => other.role === message.role && !(isUnsent(other) && other.follows_id === undefined);
  return tree.children.get(parent?.id ?? null).filter(isAlternative);
}

/** The id of the newest descendant of message `id`, or `id` itself. */
export function newestAfter(tree, id) {
  let newest = tree.byId.get(id);
  const unvisited = [newest];
  while (unvisited.length) {
    const message = unvisited.pop();
    if (order(message) >= order(newest)) newest = message;
    unvisited.push(...(tree.children.get(message.id) ?? []));
  }
  return newest.id;
}

/** Whether older messages, not loaded yet, belong on this path or are alternatives of its first message. */
export function hasOlder(tree, path) {
  if (tree.isWhole || !path.length) return !tree.isWhole;
  const first = path[0];
  return tree.parents.get(first.id) === undefined || Boolean(first.edit_of && !tree.byId.has(first.edit_of));
}

/** Group a path into turns: {key, question, questions, answer, answers}, with the alternatives of both. */
export function turnsOf(tree, path) {
  const turns = [];
  for (const message of path) {
    const last = turns.at(-1);
    const isAnswered = message.role !== 'user' && last?.question && !last.answer && tree.parents.get(message.id) === last.question;
    if (isAnswered) Object.assign(last, { answer: message, answers: alternatives(tree, message) });
    else if (message.role === 'user') turns.push({ key: message.id, question: message, questions: alternatives(tree, message), answer: null, answers: [] });
    else turns.push({ key: message.id, question: null, questions: [], answer: message, answers: alternatives(tree, message) });
  }
  return turns;
}
