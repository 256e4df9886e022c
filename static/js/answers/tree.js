// A chat is a tree: `follows_id` names the message before, messages that follow the same one are alternatives. What is
// shown is one path through it. Messages that are not on the server yet have no `seq`; of these, one that doesn't say
// what it follows goes after whatever is the newest when it gets there.

const isUnsent = (message) => Boolean(message.delivery) && message.delivery !== 'saved';
const order = (message) => (isUnsent(message) ? Number.MAX_VALUE : (message.seq ?? Number.MAX_SAFE_INTEGER));

/**
 * Arrange the messages that are loaded; `isWhole` says whether there are none before them.
 *
 * `parent` is null for a first message and undefined while what it follows is not loaded. A deleted message in between is
 * skipped: its followers go on with the one that was written before it.
 */
export function plant(messages, { isWhole = true } = {}) {
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

/** The messages from the first (of those loaded) to `leafId`, else to the newest, and then those waiting to be sent. */
export function pathTo(tree, leafId = null) {
  const leaf = tree.byId.get(leafId) ?? tree.newest ?? tree.all.at(-1) ?? null;
  const path = [];
  for (let message = leaf; message; message = tree.parents.get(message.id)) path.unshift(message);
  const waiting = tree.all.filter((message) => isUnsent(message) && message.follows_id === undefined && message !== leaf);
  return leaf === tree.newest ? [...path, ...waiting] : path;
}

/** A message and what could stand in its place, oldest first. */
export function alternatives(tree, message) {
  const parent = tree.parents.get(message.id);
  if (parent === undefined || (isUnsent(message) && message.follows_id === undefined)) return [message];
  const isRival = (other) => other.role === message.role && !(isUnsent(other) && other.follows_id === undefined);
  return tree.children.get(parent?.id ?? null).filter(isRival);
}

/** The newest message that comes after `id` on any path, or that message itself. */
export function newestAfter(tree, id) {
  let newest = tree.byId.get(id);
  const ahead = [newest];
  while (ahead.length) {
    const message = ahead.pop();
    if (order(message) >= order(newest)) newest = message;
    ahead.push(...(tree.children.get(message.id) ?? []));
  }
  return newest.id;
}

/** Whether messages that are not loaded yet belong on this path, or beside its first message. */
export function reachesBack(tree, path) {
  if (tree.isWhole || !path.length) return !tree.isWhole;
  const first = path[0];
  return tree.parents.get(first.id) === undefined || Boolean(first.edit_of && !tree.byId.has(first.edit_of));
}

/** What a path looks like: questions with their answers, each with its alternatives. */
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
