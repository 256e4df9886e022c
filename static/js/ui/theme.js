const systemIsDark = matchMedia('(prefers-color-scheme: dark)');

const current = () => document.documentElement.dataset.theme ?? (systemIsDark.matches ? 'dark' : 'light');

/** Make the theme toggles work; choosing the system's theme removes the stored choice. */
export function watchThemeToggles() {
  document.addEventListener('click', (event) => {
    if (!event.target.closest('[data-theme-toggle]')) return;
    const next = current() === 'dark' ? 'light' : 'dark';
    const system = systemIsDark.matches ? 'dark' : 'light';
    if (next === system) {
      delete document.documentElement.dataset.theme;
      localStorage.removeItem('theme');
    } else {
      document.documentElement.dataset.theme = next;
      localStorage.setItem('theme', next);
    }
  });
}
