import { request } from '../net/api.js';

const MAX_IDS = 100;
const CONCURRENCY = 4;
const MAX_TAGS = 10;

/** Move chats to the trash; returns the trash ids for restoreAllFromTrash. */
export async function deleteChats(rows) {
  const results = await inBatches(rows, 'delete');
  return results.flatMap((result) => result.trash_ids);
}

export const archiveChats = (rows, isArchived) => inBatches(rows, isArchived ? 'archive' : 'unarchive');

export const pinChats = (rows, pinned) => each(rows, (row) => updateChat(row.id, { pinned }));

/** Add a tag to chats that have fewer than ten; returns how many have too many. */
export async function tagChats(rows, tag) {
  const without = rows.filter((row) => !tagsOf(row).includes(tag));
  const taggable = without.filter((row) => tagsOf(row).length < MAX_TAGS);
  await each(taggable, (row) => updateChat(row.id, { tags: [...tagsOf(row), tag] }));
  return without.length - taggable.length;
}

/** Restore an item of the trash; resolves its chat. */
export const restoreFromTrash = async (id) => (await request('POST', `/api/trash/${id}/restore`, {})).session;

export const restoreAllFromTrash = (ids) => each(ids, restoreFromTrash);

export const updateChat = (id, changes) => request('PATCH', `/api/chat/sessions/${id}`, changes);

// A chat that was just created has no `tags` yet.
const tagsOf = (row) => row.tags ?? [];

async function inBatches(rows, action) {
  const results = [];
  for (let at = 0; at < rows.length; at += MAX_IDS) {
    const ids = rows.slice(at, at + MAX_IDS).map((row) => row.id);
    results.push(await request('POST', '/api/chat/sessions/bulk', { session_ids: ids, action }));
  }
  return results;
}

async function each(items, run) {
  const results = [];
  for (let at = 0; at < items.length; at += CONCURRENCY) results.push(...await Promise.all(items.slice(at, at + CONCURRENCY).map(run)));
  return results;
}
