/** Prevent double submits, and let the buttons of password fields show or hide the password. */
export function watchForms() {
  document.addEventListener('submit', (event) => {
    const button = event.target.matches('form[method=post]') && event.target.querySelector('button[type=submit]');
    if (!button) return;
    if (button.getAttribute('aria-busy') === 'true') event.preventDefault();
    button.setAttribute('aria-busy', 'true');
  });
  addEventListener('pageshow', () => {
    for (const button of document.querySelectorAll('button[aria-busy=true]')) button.removeAttribute('aria-busy');
  });
  for (const button of document.querySelectorAll('[data-reveal]')) {
    button.addEventListener('click', () => {
      const input = document.getElementById(button.dataset.reveal);
      const show = input.type === 'password';
      input.type = show ? 'text' : 'password';
      button.textContent = show ? 'Hide' : 'Show';
      button.setAttribute('aria-pressed', String(show));
    });
  }
}
