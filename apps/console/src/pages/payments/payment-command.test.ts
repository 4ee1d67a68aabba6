import { paymentCommand } from './payment-command.js';

describe('the command of a list of payments', () => {
  test('carries the state and the search, which the shell cannot take for anything else', () => {
    expect(paymentCommand({})).toBe('payment list');
    expect(paymentCommand({ state: 'failed', q: "0712'; rm" })).toBe(
      String.raw`payment list --state failed --search '0712'\''; rm'`,
    );
  });
});
