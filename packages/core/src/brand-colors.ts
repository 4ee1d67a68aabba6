type Rgb = readonly [number, number, number];

/** Variants of one colour that can be read on the portal's backgrounds. */
export interface BrandColors {
  /** Behind the text of buttons, and that text. */
  readonly fill: string;
  readonly onFill: string;
  /** For links and headings on light and on dark ground. */
  readonly inkLight: string;
  readonly inkDark: string;
}

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];
/** The least light and the least dark ground that the ink stands on. */
const LIGHT_GROUND: Rgb = [238, 241, 244];
const DARK_GROUND: Rgb = [34, 41, 47];
/** WCAG 2.2, 1.4.3. */
const ENOUGH = 4.6;

/** `color`: `#rrggbb`. */
export function brandColors(color: string): BrandColors {
  const fill = parse(color);
  const onFill = contrast(fill, WHITE) >= ENOUGH ? WHITE : contrast(fill, BLACK) >= ENOUGH ? BLACK : WHITE;
  return {
    fill: print(fill),
    onFill: print(onFill),
    inkLight: print(readable(fill, LIGHT_GROUND, BLACK)),
    inkDark: print(readable(fill, DARK_GROUND, WHITE)),
  };
}

/** Mixed with `towards` until it stands out enough. */
function readable(color: Rgb, ground: Rgb, towards: Rgb): Rgb {
  let mixed = color;
  for (let share = 0.05; share <= 1 && contrast(mixed, ground) < ENOUGH; share += 0.05) {
    mixed = mix(color, towards, share);
  }
  return mixed;
}

function mix(a: Rgb, b: Rgb, share: number): Rgb {
  const at = (x: number, y: number): number => Math.round(x + (y - x) * share);
  return [at(a[0], b[0]), at(a[1], b[1]), at(a[2], b[2])];
}

/** WCAG 2.2: contrast ratio of two colours, 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

function luminance(color: Rgb): number {
  const [red = 0, green = 0, blue = 0] = color.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function parse(color: string): Rgb {
  const value = Number.parseInt(color.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

function print(color: Rgb): string {
  return `#${color.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
