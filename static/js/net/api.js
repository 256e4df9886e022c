import { errorMessage } from '../text/error-messages.js';

/** An error response: `message` is for people, `code` is the API's, or `network` when no response came. */
export class ApiError extends Error {
  constructor(code, { message, status = 0, retryAfter = null, requestId = null, answerId = null, place = null, versionId = null, nearest = [], brief = null, suggestion = null } = {}) {
    super(errorMessage(code, message));
    this.name = 'ApiError';
    Object.assign(this, { code, status, retryAfter, requestId, answerId, place, versionId, nearest, brief, suggestion });
  }
}

/** Fetch; throws an ApiError for an error response or a lost connection. A 401 also opens the sign-in page. */
export async function fetchResponse(path, { method = 'GET', body, headers = {}, signal, keepalive = false } = {}) {
  let response;
  try {
    response = await fetch(path, {
      method,
      signal,
      keepalive,
      credentials: 'same-origin',
      headers: { accept: 'application/json', ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
      body: body && JSON.stringify(body),
    });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new ApiError('network');
  }
  if (response.ok) return response;
  throw toApiError(response.status, await response.json().catch(() => ({})), response.headers.get('retry-after'));
}

export async function request(method, path, body, signal) {
  const response = await fetchResponse(path, { method, body, signal });
  return response.json();
}

/** Read all pages of a list (keyset pagination) into one array, up to `most` rows. */
export async function listAll(path, key, most = 1000) {
  const rows = [];
  for (let cursor = ''; cursor !== null && rows.length < most; ) {
    const url = `${path}${path.includes('?') ? '&' : '?'}limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
    const page = await request('GET', url);
    rows.push(...page[key]);
    cursor = page.next_cursor ?? null;
  }
  return rows;
}

/** Make an ApiError from the status and JSON of an error response; a 401 also opens the sign-in page. */
export function toApiError(status, { error = {} }, retryAfter = null) {
  if (status === 401) signInAgain();
  const code = error.code ?? (status === 401 ? 'unauthenticated' : status === 429 ? 'rate_limited' : 'unexpected');
  return new ApiError(code, {
    message: error.message,
    status,
    retryAfter: Number(retryAfter) || null,
    requestId: error.request_id,
    answerId: error.answer_id,
    place: error.place,
    versionId: error.version_id,
    brief: error.brief,
    suggestion: error.suggestion,
    nearest: error.nearest,
  });
}

// The draft is in localStorage already, so leaving the page loses nothing that was typed.
function signInAgain() {
  location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
}
