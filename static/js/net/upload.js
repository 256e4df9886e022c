import { ApiError, toApiError } from './api.js';

/** POST a file as the body; `onProgress` gets the share that is sent (0 to 1), which fetch does not report. */
export function upload(path, file, { headers = {}, signal, onProgress }) {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open('POST', path);
    xhr.responseType = 'json';
    for (const [name, value] of Object.entries({ accept: 'application/json', ...headers })) xhr.setRequestHeader(name, value);
    xhr.upload.addEventListener('progress', ({ loaded, total }) => onProgress(total ? loaded / total : 0));
    xhr.upload.addEventListener('load', () => onProgress(1));
    xhr.addEventListener('load', () => {
      const data = xhr.response ?? {};
      if (xhr.status < 300) resolve(data);
      else reject(toApiError(xhr.status, data, xhr.getResponseHeader('retry-after')));
    });
    xhr.addEventListener('error', () => reject(new ApiError('network')));
    xhr.addEventListener('abort', () => reject(signal.reason));
    signal.addEventListener('abort', () => xhr.abort(), { once: true });
    xhr.send(file);
  });
}
