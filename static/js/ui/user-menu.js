/** Position the account menu under its button: by default a popover is in the middle of the screen. */
export function placeUserMenu() {
  const menu = document.getElementById('user-menu');
  menu?.addEventListener('beforetoggle', (event) => {
    if (event.newState !== 'open') return;
    const anchor = document.querySelector('[popovertarget=user-menu]').getBoundingClientRect();
    menu.style.setProperty('top', `${anchor.bottom + 6}px`);
    menu.style.setProperty('left', 'auto');
    menu.style.setProperty('right', `${Math.max(8, innerWidth - anchor.right)}px`);
  });
}
