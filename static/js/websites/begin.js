import { drafts } from '../builder/local-storage.js';
import { request } from '../net/api.js';
import { newEntry } from '../outbox/outbox.js';
import { uuid } from '../net/uuid.js';

/**
 * Make a website and open it, with the first question to its builder, if any. The builder page sends the question: it is stored in the outbox,
 * or where that does not last, it is the draft there.
 */
export async function beginWebsite({ userId, store, name, question = null }) {
  const { website } = await request('POST', '/api/websites', { name });
  if (question) await leaveQuestion({ userId, store, website, question });
  return website;
}

async function leaveQuestion({ userId, store, website, question }) {
  const entry = newEntry(userId, { id: uuid(), websiteId: website.id, sessionId: null, helper: 'builder', text: question.trim(), edits: null, after: null });
  if (!(await store.put(entry))) drafts.save(website.id, null, question);
}
