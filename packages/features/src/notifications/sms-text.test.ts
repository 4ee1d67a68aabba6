import { plainSmsText, septetsOf } from './sms-text.js';

test.each([
  ['', 0],
  ['Habari', 6],
  ['50€', 4],
  ['{}[]~|^\\', 16],
  ['é Ñ ü @ £', 9],
])('%j takes %d septets', (text, septets) => expect(septetsOf(text)).toBe(septets));

test.each(['“Day”', 'ሰላም', '🙂', 'á'])('%j is not of the GSM 7-bit alphabet', (text) => {
  expect(septetsOf(text)).toBeUndefined();
});

test('look-alikes and bare letters stand in for what the alphabet has not; other scripts stay', () => {
  expect(plainSmsText('“Wiki” – José’s… 5\u00a0GB')).toBe('"Wiki" - José\'s... 5 GB');
  expect(plainSmsText('Škoda á')).toBe('Skoda a');
  expect(plainSmsText('ሰላም')).toBe('ሰላም');
});
