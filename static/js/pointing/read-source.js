import { request } from '../net/api.js';
import { Source } from './source.js';

/** Read a page of a version: its source, where its elements are, and the files that it shows. */
export async function readSource(versionId, path) {
  const query = encodeURIComponent(path);
  const [page, files] = await Promise.all([request('GET', `/api/versions/${versionId}/elements?path=${query}`), request('GET', `/preview/${versionId}/files?page=${query}`)]);
  return new Source(page, files);
}
