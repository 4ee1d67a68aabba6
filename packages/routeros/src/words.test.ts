import { attributeWord, attributeWords, commandWord, proplistWord, rosIdValue } from './words.js';

const usage = expect.objectContaining({ name: 'RosError', kind: 'usage' });

test('C1: a value goes out byte by byte as it is', () => {
  expect(attributeWord('comment', 'a\nb=c ?x .tag=1 Łódź')).toBe('=comment=a\nb=c ?x .tag=1 Łódź');
});

test('booleans are yes and no, undefined is left out', () => {
  expect(attributeWords({ a: true, b: false, c: undefined, d: 0, e: '' })).toEqual(['=a=yes', '=b=no', '=d=0', '=e=']);
});

test.each(['', '.tag', '.TAG', '=x', '?x', 'a=b', 'a b', 'a\nb', 'a\0', '..id', '-x', 'naïve'])(
  'D7: refuses the name %p',
  (name) => {
    expect(() => attributeWord(name, 'x')).toThrow(usage);
  },
);

test.each(['*1,*2', 'ether1', '', '*', '*G', '1', '*1 ', '*12345678901234567'])('D7: refuses the id %p', (rosId) => {
  expect(() => rosIdValue(rosId)).toThrow(usage);
  expect(() => attributeWord('.id', rosId)).toThrow(usage);
  expect(() => attributeWord('numbers', rosId)).toThrow(usage);
  expect(() => attributeWord('place-before', rosId)).toThrow(usage);
});

test.each([
  '',
  '/',
  'ip/pool',
  '/ip/pool ',
  '/ip/pool\n',
  '/IP',
  '/ip/pool =name=x',
  '/ip//x',
  '#',
  '/login',
  '/cancel',
  '/quit',
])('D7: refuses the command %p', (command) => {
  expect(() => commandWord(command)).toThrow(usage);
});

test.each(['a\0b', '\0'])('P6: refuses NUL in a value', (value) => {
  expect(() => attributeWord('name', value)).toThrow(usage);
});

test.each([Number.NaN, 1.5, Infinity, 2 ** 60])('refuses the number %p', (value) => {
  expect(() => attributeWord('mtu', value)).toThrow(usage);
});

test('a proplist is made of names only', () => {
  expect(proplistWord(['.id', 'name'])).toBe('=.proplist=.id,name');
  expect(() => proplistWord(['name,comment'])).toThrow(usage);
  expect(() => proplistWord([])).toThrow(usage);
});
