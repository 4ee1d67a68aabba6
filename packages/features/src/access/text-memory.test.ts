import { createTextMemory } from './text-memory.js';

describe('texts in memory', () => {
  test('the last used are kept, and never more than twice as many as asked for', () => {
    const memory = createTextMemory(100);
    for (let round = 0; round < 1_000; round += 1) {
      memory.put(`key${round}`, `text${round}`);
      // A hundred keys, counted with the one that is used again and again.
      expect(memory.get('key0')).toBe('text0');
      expect(memory.size()).toBeLessThanOrEqual(200);
    }
    for (let last = 901; last < 1_000; last += 1) expect(memory.get(`key${last}`)).toBe(`text${last}`);
    expect(memory.get('key500')).toBeUndefined();
  });

  test('a new text takes the place of the old one, whichever generation that is in', () => {
    const memory = createTextMemory(2);
    memory.put('a', '1');
    memory.put('b', '1');
    memory.put('a', '2');
    expect(memory.get('a')).toBe('2');
    memory.forget('a');
    expect(memory.get('a')).toBeUndefined();
    expect(memory.get('b')).toBe('1');
  });

  test('with room for none it keeps none', () => {
    const memory = createTextMemory(0);
    memory.put('a', '1');
    expect(memory.get('a')).toBeUndefined();
  });
});
