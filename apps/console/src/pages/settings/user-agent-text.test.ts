import { userAgentText } from './user-agent-text.js';

describe('browsers in words', () => {
  test('names browser and system, the particular before what it is made of', () => {
    const edge =
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0';
    const phone =
      'Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36';
    expect(userAgentText(edge)).toBe('Edge, Windows');
    expect(userAgentText(phone)).toBe('Chrome, Android');
    expect(userAgentText('curl/8.5.0')).toBe('curl');
  });

  test('leaves what it does not know as it is', () => {
    expect(userAgentText('Turnpike CLI 0.1')).toBe('Turnpike CLI 0.1');
    expect(userAgentText('')).toBe('–');
  });
});
