import { open, request } from '../net/api.js';
import { h } from '../ui/dom.js';
import { PICTURE, pagePicture } from './page-picture.js';

/** Watch the thumbnails' places: each shows a picture of its website's latest page once it comes into sight. */
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

async function load(place) {
  const { versions } = await request('GET', `/api/websites/${place.dataset.website}/versions?limit=1`);
  if (!versions.length) return;
  const page = await open(`/api/versions/${versions[0].id}/download`, { headers: { accept: 'text/html' } });
  // Drawn at the size of a screen and scaled down: at its own size, the page would show how it looks on a phone.
  const picture = h('img', { src: pagePicture(await page.text()), alt: '', draggable: 'false', width: PICTURE.width, height: PICTURE.height });
  await picture.decode();
  place.style.setProperty('--thumb-scale', String(place.clientWidth / PICTURE.width));
  place.append(picture);
  requestAnimationFrame(() => place.classList.add('is-loaded'));
}
