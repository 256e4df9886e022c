import { find } from '../ui/dom.js';
import { openMenu } from '../ui/menu.js';

/** In a narrow preview, a menu in place of the buttons that are needed less often. */
export function watchPreviewMenu() {
  const button = find('#preview-menu');
  button.addEventListener('click', () => openMenu(button, [...find('#preview-more').children].filter(isOffered).map(itemFor)));
}

// Whoever hides one of them hides its item; that all of them are in the menu hides none.
const isOffered = (element) => {
  const { display, visibility } = getComputedStyle(element);
  return display !== 'none' && visibility === 'visible';
};

function itemFor(element) {
  const [icon] = /[a-z-]+$/.exec(find('use', element).getAttribute('href'));
  return { icon: icon.replace(/^i-/, ''), label: element.getAttribute('aria-label'), run: () => element.click() };
}
