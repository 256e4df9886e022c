const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 600;
const HEIGHT = 160;
const GAP = 0.2;

/** Round a number up to one that is easy to read: 1, 2, 4, 5 or 10 times a power of ten. */
export function niceTop(most) {
  if (most <= 4) return 4;
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 4, 5, 10].map((step) => step * power).find((top) => top >= most);
}

/** Bars of the views of days, as one picture with a `label`: [{day, views}]. */
export function plot(days, label) {
  const top = niceTop(Math.max(...days.map(({ views }) => views)));
  const step = WIDTH / days.length;
  const svg = make('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: 'plot', role: 'img', 'aria-label': label, preserveAspectRatio: 'none' });
  for (const part of [0, 0.5, 1]) svg.append(make('line', { class: 'plot-line', x1: 0, x2: WIDTH, y1: HEIGHT * part, y2: HEIGHT * part }));
  for (const [at, { day, views }] of days.entries()) {
    const height = (views / top) * HEIGHT;
    const bar = make('rect', { class: 'plot-bar', x: (at + GAP / 2) * step, width: step * (1 - GAP), y: HEIGHT - height, height });
    const title = make('title');
    title.textContent = `${day}: ${views}`;
    bar.append(title);
    svg.append(bar);
  }
  return { svg, top };
}

function make(name, attributes = {}) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}
