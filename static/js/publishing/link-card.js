import { readableOn } from './card-colours.js';

const CARD = { width: 1200, height: 630 };
const FONT = '"Schibsted Grotesk Variable", system-ui, sans-serif';
const EDGE = 80;

/** How a card may look, with a picture or without. */
export const looksFor = (picture) => (picture ? ['beside', 'cover', 'plain', 'band', 'picture'] : ['plain', 'band']);

/** Draw the card that is shown where somebody shares a link: `name` is the website's, `picture` an image that has loaded, or null. */
export function drawCard(canvas, { title, name, colours, picture }, look) {
  Object.assign(canvas, CARD);
  const context = canvas.getContext('2d');
  const { width, height } = CARD;
  const fill = (colour, x, y, w, h) => {
    context.fillStyle = colour;
    context.fillRect(x, y, w, h);
  };
  fill(colours.paper, 0, 0, width, height);
  if (look === 'picture' || look === 'cover') cover(context, picture, 0, 0, width, height);
  if (look === 'picture') return;
  if (look === 'cover') {
    const shade = context.createLinearGradient(0, height * 0.25, 0, height);
    shade.addColorStop(0, 'rgb(0 0 0 / 0)');
    shade.addColorStop(1, 'rgb(0 0 0 / 0.82)');
    fill(shade, 0, 0, width, height);
    return write(context, { title, name, ink: '#ffffff', accent: '#ffffff', width: width - 2 * EDGE, isLow: true });
  }
  if (look === 'beside') cover(context, picture, width * 0.56, 0, width * 0.44, height);
  if (look === 'band') {
    fill(colours.accent, 0, 0, width, height);
    const ink = readableOn(colours.accent);
    return write(context, { title, name, ink, accent: ink, width: width - 2 * EDGE });
  }
  if (look === 'plain') circles(context, colours.accent);
  write(context, { title, name, ink: colours.ink, accent: colours.accent, width: look === 'beside' ? width * 0.56 - 1.6 * EDGE : width - 2 * EDGE - 200 });
}

function write(context, { title, name, ink, accent, width, isLow = false }) {
  const { size, lines } = fitted(context, title, width);
  const height = lines.length * size * 1.12;
  const top = isLow ? CARD.height - EDGE - height - 60 : Math.max(EDGE + 30, (CARD.height - height) / 2 - 30);
  context.fillStyle = ink;
  context.textBaseline = 'top';
  for (const [at, line] of lines.entries()) context.fillText(line, EDGE, top + at * size * 1.12);
  context.fillStyle = accent;
  context.fillRect(EDGE, top - 34, 72, 8);
  context.fillStyle = ink;
  context.font = `500 32px ${FONT}`;
  context.fillText(cut(context, name, width), EDGE, CARD.height - EDGE - 20);
}

// The largest size at which a title has at most three lines.
function fitted(context, title, width) {
  for (let size = 84; ; size -= 6) {
    context.font = `700 ${size}px ${FONT}`;
    const lines = linesOf(context, title, width);
    if (lines.length <= 3 || size <= 42) return { size, lines: lines.length > 4 ? [...lines.slice(0, 3), `${lines[3]}…`] : lines };
  }
}

function linesOf(context, text, width) {
  const lines = [''];
  for (const word of text.split(/\s+/)) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (!lines.at(-1) || context.measureText(longer).width <= width) lines[lines.length - 1] = cut(context, longer, width);
    else lines.push(cut(context, word, width));
  }
  return lines;
}

function cut(context, text, width) {
  let shown = text;
  while (shown.length > 1 && context.measureText(shown).width > width) shown = `${shown.replace(/…$/, '').slice(0, -1)}…`;
  return shown;
}

function circles(context, colour) {
  for (const [x, y, radius, alpha] of [[1100, 120, 230, 0.16], [1180, 470, 170, 0.3], [940, 620, 110, 0.1]]) {
    context.globalAlpha = alpha;
    context.fillStyle = colour;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
}

function cover(context, picture, x, y, width, height) {
  const scale = Math.max(width / picture.naturalWidth, height / picture.naturalHeight);
  const [w, h] = [width / scale, height / scale];
  context.drawImage(picture, (picture.naturalWidth - w) / 2, (picture.naturalHeight - h) / 2, w, h, x, y, width, height);
}

/** Draw the picture of a website that a browser's tab shows: one or two letters, or a drawn character. */
export function drawIcon(canvas, letters, { accent }) {
  Object.assign(canvas, { width: 192, height: 192 });
  const context = canvas.getContext('2d');
  context.fillStyle = accent;
  context.beginPath();
  context.roundRect(0, 0, 192, 192, 44);
  context.fill();
  context.fillStyle = readableOn(accent);
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.font = `700 ${[...letters].length > 1 ? 92 : 120}px ${FONT}`;
  context.fillText(letters, 96, 102);
}
