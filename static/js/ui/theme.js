const wantsDark = matchMedia('(prefers-color-scheme: dark)');

const current = () => document.documentElement.dataset.theme ?? (wantsDark.matches ? 'dark' : 'light');

/** Let the toggles switch the theme; choosing what the system wants anyway goes back to following it. */
export function watchThemeToggles() {
  document.addEventListener('click', (event) => {
    if (!event.target.closest('[data-theme-toggle]')) return;
    const next = current() === 'dark' ? 'light' : 'dark';
    const system = wantsDark.matches ? 'dark' : 'light';
    if (next === system) {
      delete document.documentElement.dataset.theme;
      localStorage.removeItem('theme');
    } else {
      document.documentElement.dataset.theme = next;
      localStorage.setItem('theme', next);
    }
  });
}
