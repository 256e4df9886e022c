const VARIABLE = /--([\w-]{1,40})\s*:\s*(#[\da-f]{6}|#[\da-f]{3})\b/gi;
const THEME = /<meta\b[^>]*\bname=["']?theme-color["']?[^>]*\bcontent=["']?(#[\da-f]{6}|#[\da-f]{3})\b/i;
const NAMES = {
  paper: ['paper', 'background', 'bg', 'surface', 'color-bg', 'color-background', 'cream', 'base'],
  ink: ['ink', 'text', 'foreground', 'fg', 'color-text', 'dark'],
  accent: ['accent', 'primary', 'brand', 'color-primary', 'color-accent', 'link', 'secondary'],
};
const LIGHT = '#ffffff';
const DARK = '#17211c';
const READABLE = 4.5;

/** The colours of a page's link card, of its stylesheet's variables: {paper, ink, accent}; ink can be read on paper. */
export function coloursOf(page) {
  const variables = new Map([...page.matchAll(VARIABLE)].reverse().map(([, name, colour]) => [name.toLowerCase(), colour.toLowerCase()]));
  const named = (names) => names.map((name) => variables.get(name)).find(Boolean);
  const paper = named(NAMES.paper) ?? THEME.exec(page)?.[1] ?? '#f6f3ec';
  const ink = [named(NAMES.ink), DARK, LIGHT].find((colour) => colour && contrast(colour, paper) >= READABLE) ?? DARK;
  return { paper, ink, accent: named(NAMES.accent) ?? ink };
}

/** White or dark, whichever is read better on a colour. */
export const readableOn = (colour) => (contrast(LIGHT, colour) >= contrast(DARK, colour) ? LIGHT : DARK);

function contrast(one, other) {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(colour) {
  const digits = colour.length === 4 ? [...colour.slice(1)].map((digit) => digit + digit).join('') : colour.slice(1);
  const [red, green, blue] = [0, 2, 4].map((at) => {
    const channel = Number.parseInt(digits.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
