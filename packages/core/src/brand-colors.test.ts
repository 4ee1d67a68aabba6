import { brandColors, contrast } from './brand-colors.js';

const rgb = (color: string): readonly [number, number, number] => {
  const value = Number.parseInt(color.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
};

test.each(['#0b6b57', '#ffd166', '#ff0000', '#777777', '#000000', '#ffffff', '#7c3aed', '#00a651'])(
  'whatever colour an operator likes can be read: %s',
  (color) => {
    const { fill, onFill, inkLight, inkDark } = brandColors(color);
    expect(contrast(rgb(fill), rgb(onFill))).toBeGreaterThanOrEqual(4.5);
    for (const ground of ['#ffffff', '#eef1f4']) {
      expect(contrast(rgb(inkLight), rgb(ground))).toBeGreaterThanOrEqual(4.5);
    }
    for (const ground of ['#12171b', '#1b2126']) {
      expect(contrast(rgb(inkDark), rgb(ground))).toBeGreaterThanOrEqual(4.5);
    }
  },
);
