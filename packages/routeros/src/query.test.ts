import { matchesQuery, queryWords } from './query.js';

const row = {
  '.id': '*1',
  name: 'ether1',
  type: 'ether',
  mtu: '1500',
  disabled: 'false',
  address: '10.0.0.9',
  empty: '',
};

describe('matchesQuery', () => {
  test.each([
    [[], true],
    [['?name'], true],
    [['?comment'], false],
    [['?-comment'], true],
    [['?-name'], false],
    [['?name=ether1'], true],
    [['?=name=ether1'], true],
    [['?name=ether'], false],
    [['?.id=*1'], true],
    [['?empty='], true],
    [['?>empty='], false],
    [['?>name='], true],
    [['?comment='], false],
    [['?disabled=false'], true],
    [['?disabled=no'], false],
    [['?>mtu=900'], true],
    [['?<mtu=900'], false],
    [['?<address=10.0.0.10'], true],
    [['?<comment=x'], false],
    [['=name=other', '?name=ether1'], true],
  ])('%p gives %p', (words, expected) => {
    expect(matchesQuery(words, row)).toBe(expected);
  });

  test('holds only when all of several tests hold', () => {
    expect(matchesQuery(['?name=ether1', '?type=ether'], row)).toBe(true);
    expect(matchesQuery(['?name=ether1', '?type=vlan'], row)).toBe(false);
  });

  test.each([
    [['?type=ether', '?type=vlan', '?#|'], true],
    [['?type=pppoe', '?type=vlan', '?#|'], false],
    [['?type=pppoe', '?type=vlan', '?#|!'], true],
    [['?type=ether', '?#!'], false],
    [['?name=ether1', '?type=vlan', '?#&'], false],
    [['?comment', '?type=ether', '?#0'], true],
    [['?type=ether', '?comment', '?#1'], true],
    [['?type=ether', '?comment', '?#0'], false],
    [['?comment', '?#!.'], true],
    [['?comment', '?#.!|'], true],
    [['?comment', '?type=ether', '?#1.|'], false],
    [['?#!'], false],
    [['?#9'], true],
  ])('combines values on the stack: %p gives %p', (words, expected) => {
    expect(matchesQuery(words, row)).toBe(expected);
  });
});

test('queryWords tests for the printed form of booleans', () => {
  expect(queryWords({ name: 'a=b', disabled: false, '.id': '*1' })).toEqual([
    '?name=a=b',
    '?disabled=false',
    '?.id=*1',
  ]);
});

test.each(['#', '-name', 'a b', '', '.tag', 'name='])('D7: queryWords refuses the name %p', (name) => {
  expect(() => queryWords({ [name]: 'x' })).toThrow(expect.objectContaining({ kind: 'usage' }));
});
