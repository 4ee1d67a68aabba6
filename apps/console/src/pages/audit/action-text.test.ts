import { actionText } from './action-text.js';
import { actionWords } from './action-words.js';
import { auditWords } from './audit-words.js';

function inEnglish(action: string): string {
  const { en } = auditWords.texts;
  return actionText(
    action,
    (key) => (key === 'intactText' ? en.intactText_other : en[key]),
    (key) => actionWords.texts.en[key],
  );
}

describe('actions in words', () => {
  test('says what happened to what', () => {
    expect(inEnglish('router.rotate-radius-secret')).toBe('Router · RADIUS secret changed');
    expect(inEnglish('operator.signed_in')).toBe('Operator · signed in');
  });

  test('leaves an action that is not known here readable', () => {
    expect(inEnglish('voucher_batch.re-print')).toBe('voucher batch · re print');
  });
});
