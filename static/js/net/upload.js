import { ApiError, refused } from './api.js';

/** Send a file as the body of a POST, telling `onProgress` the share that has left (0 to 1): fetch can't tell. */
export function upload(path, file, { headers = {}, signal, onProgress }) {
  return new Promise((resolve, reject) => {
    const asked = new XMLHttpRequest();
    asked.open('POST', path);
    asked.responseType = 'json';
    for (const [name, value] of Object.entries({ accept: 'application/json', ...headers })) asked.setRequestHeader(name, value);
    asked.upload.addEventListener('progress', ({ loaded, total }) => onProgress(total ? loaded / total : 0));
    asked.upload.addEventListener('load', () => onProgress(1));
    asked.addEventListener('load', () => {
      const answer = asked.response ?? {};
      if (asked.status < 300) resolve(answer);
      else reject(refused(asked.status, answer, asked.getResponseHeader('retry-after')));
    });
    asked.addEventListener('error', () => reject(new ApiError('network')));
    asked.addEventListener('abort', () => reject(signal.reason));
    signal.addEventListener('abort', () => asked.abort(), { once: true });
    asked.send(file);
  });
}
