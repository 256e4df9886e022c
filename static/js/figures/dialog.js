import { nameOf } from '../builder/site-pages.js';
import { request } from '../net/api.js';
import { openDialog } from '../ui/dialogs.js';
import { h } from '../ui/dom.js';
import { plot } from './plot.js';

const SPANS = [['7 days', 7], ['30 days', 30], ['90 days', 90], ['A year', 365]];
const HOSTS = { '': 'Directly, or unknown', other: 'Others' };

/** How often the published pages of a website are seen, and from where. */
export function openFigures(websiteId) {
  const body = h('div', { class: 'figures', 'aria-live': 'polite' });
  const span = h('select', { class: 'input', 'aria-label': 'Time' }, SPANS.map(([label, days]) => h('option', { value: days, selected: days === 30 }, label)));
  const load = async () => {
    body.setAttribute('aria-busy', 'true');
    const days = Number(span.value);
    try {
      const figures = await request('GET', `/api/websites/${websiteId}/figures?days=${days}`);
      if (Number(span.value) === days) body.replaceChildren(...content(figures));
    } catch (error) {
      body.replaceChildren(h('p', { role: 'alert' }, error.message));
    }
    body.removeAttribute('aria-busy');
  };
  span.addEventListener('change', load);
  load();
  return openDialog('Visits', (close) => [
    h('div', { class: 'figures-head' }, h('p', { class: 'hint' }, 'How often your published pages were opened. They are counted without cookies, addresses or anything else that tells visitors apart. Robots that say that they are robots are left out. Days are those of UTC.'), span),
    body,
    h('div', { class: 'dialog-actions' }, h('button', { type: 'button', class: 'button', onclick: () => close(null) }, 'Close')),
  ]);
}

function content({ days, pages, referrers }) {
  const total = days.reduce((sum, { views }) => sum + views, 0);
  if (!total) return [h('p', { class: 'figures-empty' }, 'Nobody has opened a published page in this time. Visits show here some seconds after they happen.')];
  const busiest = days.reduce((most, day) => (day.views > most.views ? day : most));
  const words = `${count(total)} in ${days.length} days; the most on ${dateOf(busiest.day)}: ${busiest.views.toLocaleString('en')}`;
  const { svg, top } = plot(days, words);
  return [
    h('p', { class: 'figures-sum' }, words),
    h('div', { class: 'plot-frame' }, h('span', { class: 'plot-top', 'aria-hidden': 'true' }, top.toLocaleString('en')), svg,
      h('span', { class: 'plot-dates', 'aria-hidden': 'true' }, h('span', {}, dateOf(days[0].day)), h('span', {}, dateOf(days.at(-1).day)))),
    h('div', { class: 'figures-tables' },
      table('Pages', pages.map(({ path, views }) => [nameOf(path), views])),
      referrers.length > 0 && table('Where from', referrers.map(({ host, views }) => [HOSTS[host] ?? host, views]))),
    h('details', {}, h('summary', {}, 'Views by day'), table('Days', days.filter(({ views }) => views).reverse().map(({ day, views }) => [dateOf(day), views]))),
  ];
}

function table(title, rows) {
  return h('table', { class: 'figures-table' },
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, title), h('th', { scope: 'col', class: 'is-number' }, 'Views'))),
    h('tbody', {}, rows.map(([name, views]) => h('tr', {}, h('th', { scope: 'row' }, name), h('td', { class: 'is-number' }, views.toLocaleString('en'))))));
}

const count = (views) => (views === 1 ? '1 view' : `${views.toLocaleString('en')} views`);
const dateOf = (day) => new Date(`${day}T12:00:00Z`).toLocaleDateString('en', { day: 'numeric', month: 'short' });
