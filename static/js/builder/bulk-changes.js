import { request } from '../net/api.js';

const MOST = 100;
const AT_ONCE = 4;
const MOST_TAGS = 10;

/** Put chats in the trash; returns how to bring them back. */
export async function deleteChats(rows) {
  const answers = await inParts(rows, 'delete');
  return answers.flatMap((answer) => answer.trash_ids);
}

export const archiveChats = (rows, isArchived) => inParts(rows, isArchived ? 'archive' : 'unarchive');

export const pinChats = (rows, pinned) => each(rows, (row) => change(row.id, { pinned }));

/** Add a tag to chats that have room for one more; returns how many had none. */
export async function tagChats(rows, tag) {
  const without = rows.filter((row) => !tagsOf(row).includes(tag));
  const roomy = without.filter((row) => tagsOf(row).length < MOST_TAGS);
  await each(roomy, (row) => change(row.id, { tags: [...tagsOf(row), tag] }));
  return without.length - roomy.length;
}

export const restoreFromTrash = (ids) => each(ids, async (id) => (await request('POST', `/api/trash/${id}/restore`, {})).session);

export const change = (id, changes) => request('PATCH', `/api/chat/sessions/${id}`, changes);

// A chat that has just begun is known by its name alone.
const tagsOf = (row) => row.tags ?? [];

async function inParts(rows, action) {
  const answers = [];
  for (let at = 0; at < rows.length; at += MOST) {
    const ids = rows.slice(at, at + MOST).map((row) => row.id);
    answers.push(await request('POST', '/api/chat/sessions/bulk', { session_ids: ids, action }));
  }
  return answers;
}

async function each(items, run) {
  const results = [];
  for (let at = 0; at < items.length; at += AT_ONCE) results.push(...await Promise.all(items.slice(at, at + AT_ONCE).map(run)));
  return results;
}
