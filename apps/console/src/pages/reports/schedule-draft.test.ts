import { addressesOf, bodyOf, newDraft } from './schedule-draft.js';

test('addresses are taken apart however they are written, each once', () => {
  expect(addressesOf(' a@example.net; B@example.net,\n b@example.net c@example.net ')).toEqual([
    'a@example.net',
    'b@example.net',
    'c@example.net',
  ]);
  expect(addressesOf('  ')).toEqual([]);
});

test('a new one goes to who makes it, on Mondays at seven', () => {
  expect(bodyOf(newDraft('owner@example.net', 'sw'))).toEqual({
    every: 'week',
    atHour: 7,
    recipients: ['owner@example.net'],
    language: 'sw',
  });
});
