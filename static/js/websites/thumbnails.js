import { request } from '../net/api.js';
import { h } from '../ui/dom.js';

/** Watch the thumbnails' places: each loads its website's latest page, where nobody can click it, once it comes into sight. */
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
  const frame = h('iframe', { sandbox: 'allow-scripts', src: `/preview/${versions[0].id}`, tabindex: -1, loading: 'lazy', title: '', referrerpolicy: 'no-referrer' });
  frame.inert = true;
  frame.addEventListener('load', () => place.classList.add('is-loaded'), { once: true });
  place.append(frame);
  place.style.setProperty('--thumb-scale', String(place.clientWidth / 1280));
}
