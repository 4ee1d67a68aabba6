import { defineWords } from './define-words.js';
import { sayIn } from './say.js';

const words = defineWords('test', {
  en: {
    hello: 'Hello {{name}}, {{name}}!',
    found_one: '{{count}} router',
    found_other: '{{count}} routers',
    plain: 'Plain',
  },
  sw: { hello: 'Habari {{name}}!', found_one: 'ruta {{count}}', found_other: 'ruta {{count}}', plain: 'Kawaida' },
});

describe('texts', () => {
  const en = sayIn(words, 'en');

  test('come in the language that is asked for, with their values filled in', () => {
    expect(en('hello', { name: 'Asha' })).toBe('Hello Asha, Asha!');
    expect(sayIn(words, 'sw')('hello', { name: 'Asha' })).toBe('Habari Asha!');
    expect(en('plain')).toBe('Plain');
  });

  test('count', () => {
    expect([0, 1, 2].map((count) => en('found', { count }))).toEqual(['0 routers', '1 router', '2 routers']);
  });

  test('take values for text, whatever is in them', () => {
    expect(en('hello', { name: '$& {{name}} <b>' })).toBe('Hello $& {{name}} <b>, $& {{name}} <b>!');
    expect(en('hello')).toBe('Hello {{name}}, {{name}}!');
  });
});
