/**
 * Comments as threads, in the order of their first ones: {number (from 1), key, versionId, path, start, end, comments, isResolved, isUnread}.
 * What was said about one element is a thread, with the owner's replies, whose author is null.
 */
export function threadsOf(comments) {
  const threads = new Map();
  for (const comment of [...comments].sort((a, b) => Date.parse(a.created_at) - Date.parse(b.created_at))) {
    const { version_id: versionId = null, path, start, end } = comment;
    const key = [versionId, start, end, path].join(' ');
    if (!threads.has(key)) threads.set(key, { number: threads.size + 1, key, versionId, path, start, end, comments: [] });
    threads.get(key).comments.push(comment);
  }
  return [...threads.values()].map((thread) => {
    const said = thread.comments.filter(({ author }) => author !== null);
    return { ...thread, isResolved: said.every((comment) => comment.is_resolved), isUnread: thread.comments.some((comment) => comment.is_read === false) };
  });
}

/** Those about a page, of a version where comments of several are listed. */
export const threadsOn = (threads, path, versionId = null) => threads.filter((thread) => thread.path === path && thread.versionId === versionId);
