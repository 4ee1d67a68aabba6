import { isAllowed } from './licences.js';

describe('isAllowed', () => {
  test.each(['MIT', 'Apache-2.0*', '(MIT OR GPL-3.0)', '(MIT AND CC-BY-3.0)', '(AFL-2.1 OR BSD-3-Clause)'])(
    'accepts %s',
    (expression) => {
      expect(isAllowed(expression)).toBe(true);
    },
  );

  test.each(['AGPL-3.0', 'GPL-3.0 OR LGPL-3.0', 'MIT AND GPL-2.0', 'UNKNOWN', ''])('refuses "%s"', (expression) => {
    expect(isAllowed(expression)).toBe(false);
  });
});
