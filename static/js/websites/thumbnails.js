import { fetchResponse, request } from '../net/api.js';
import { h } from '../ui/dom.js';
import { PICTURE, pagePicture } from './page-picture.js';

/** Return an observer for thumbnails: each shows a picture of its version, or of its website's newest one, once it scrolls into view. */
export function watchThumbnails() {
  const observer = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      observer.unobserve(target);
      load(target).catch(() => {});
    }
  }, { rootMargin: '200px' });
  return observer;
}

async function load(thumbnail) {
  const id = thumbnail.dataset.version ?? (await newestOf(thumbnail.dataset.website));
  if (!id) return;
  const [page, files] = await Promise.all([
    fetchResponse(`/api/versions/${id}/download?path=index.html`, { headers: { accept: 'text/html' } }), request('GET', `/preview/${id}/files?small=on`),
  ]);
  // Drawn at the size of a desktop screen and scaled down: at the thumbnail's own size, the page would use its phone layout.
  const picture = h('img', { src: pagePicture(await page.text(), files), alt: '', draggable: 'false', width: PICTURE.width, height: PICTURE.height });
  await picture.decode();
  thumbnail.style.setProperty('--thumb-scale', String(thumbnail.clientWidth / PICTURE.width));
  thumbnail.append(picture);
  requestAnimationFrame(() => thumbnail.classList.add('is-loaded'));
}

async function newestOf(websiteId) {
  const { versions } = await request('GET', `/api/websites/${websiteId}/versions?limit=1`);
  return versions[0]?.id;
}
