import { h, icon } from './dom.js';

let open = null;

/** Open a menu at a button: items are {icon, label, run | href, danger, download}. Arrow keys move, Escape closes. */
export function openMenu(button, items) {
  open?.hidePopover();
  const menu = h('div', { class: 'menu', popover: 'auto', role: 'menu' }, items.filter(Boolean).map((item) => entry(item)));
  document.body.append(menu);
  menu.addEventListener('keydown', (event) => moveFocus(event, menu));
  menu.addEventListener('toggle', (event) => {
    if (event.newState !== 'closed') return;
    button.setAttribute('aria-expanded', 'false');
    if (menu.contains(document.activeElement) || document.activeElement === document.body) button.focus();
    open = null;
    menu.remove();
  });
  menu.showPopover();
  place(menu, button.getBoundingClientRect());
  button.setAttribute('aria-expanded', 'true');
  menu.firstElementChild.focus();
  open = menu;
}

function entry({ icon: name, label, run, href, danger, download }) {
  const content = [icon(name), label];
  const props = { role: 'menuitem', class: `menu-item${danger ? ' danger' : ''}`, tabindex: -1 };
  const close = (event) => event.currentTarget.parentElement.hidePopover();
  if (href) return h('a', { ...props, href, download, onclick: close }, ...content);
  return h('button', { ...props, type: 'button', onclick: (event) => { close(event); run(); } }, ...content);
}

function place(menu, anchor) {
  const { offsetWidth: width, offsetHeight: height } = menu;
  // Towards the middle of the page.
  const start = anchor.left + anchor.right < innerWidth ? anchor.left : anchor.right - width;
  const left = Math.min(Math.max(8, start), innerWidth - width - 8);
  const below = anchor.bottom + 4;
  const top = below + height > innerHeight - 8 ? Math.max(8, anchor.top - height - 4) : below;
  menu.style.setProperty('left', `${left}px`);
  menu.style.setProperty('top', `${top}px`);
}

function moveFocus(event, menu) {
  const items = [...menu.children];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (event.key === 'Tab') menu.hidePopover();
  if (to === undefined) return;
  event.preventDefault();
  items.at(to % items.length).focus();
}
