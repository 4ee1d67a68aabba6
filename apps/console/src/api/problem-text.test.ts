import { appErrorCodes, issueCodes } from '@turnpike/core/app-error.js';
import { languages } from '../words/define-words.js';
import { ApiProblem } from './api-problem.js';
import { headlineOf, issueText, lineOf, sentenceOf } from './problem-text.js';
import { issueTexts } from './problem-words.js';

const problem = (code: string) => new ApiProblem({ status: 409, code, detail: 'R1 is held by a run', requestId: 'r' });

describe('problems in the language of the console', () => {
  test.each([...appErrorCodes, 'offline', 'not_understood'])(
    '%s has a text in every language, each its own',
    (code) => {
      const texts = languages.map((language) => headlineOf({ code }, language));
      expect(texts.every((text) => text !== undefined && text.length > 5)).toBe(true);
      expect(new Set(texts).size).toBe(languages.length);
    },
  );

  test('a code of a newer server has none, and is told by the sentence of the API', () => {
    expect(headlineOf({ code: 'brand_new' }, 'sw')).toBeUndefined();
    expect(headlineOf({ code: 'toString' }, 'sw')).toBeUndefined();
    expect(lineOf(problem('brand_new'), 'sw')).toBe('R1 is held by a run');
  });

  test('in one line English is the API alone, other languages have it behind their own', () => {
    expect(lineOf(problem('router_busy'), 'en')).toBe('R1 is held by a run');
    expect(lineOf(problem('router_busy'), 'sw')).toMatch(/^Ruta .*\(R1 is held by a run\)$/);
    expect(sentenceOf(problem('offline'))).toBeUndefined();
    expect(lineOf(problem('offline'), 'sw')).toMatch(/^Seva haipatikani/);
  });
});

describe('what is wrong with a field', () => {
  const about = { path: 'name', message: 'must be at most 80 characters' };

  test.each(issueCodes)('%s is said in every language that the API does not speak', (code) => {
    for (const texts of Object.values(issueTexts)) expect(texts[code]).toMatch(/\S/);
    const said = issueText(problem('validation_failed'), { ...about, code, bound: 80 }, 'sw');
    expect(said).not.toBe(about.message);
    expect(said).not.toContain('{{');
  });

  test('tells the bound, and what is taken', () => {
    expect(issueText(problem('validation_failed'), { ...about, code: 'too_long', bound: 80 }, 'sw')).toContain('80');
    expect(issueText(problem('name_taken'), { path: 'name', message: 'is taken' }, 'sw')).toBe('imeshatumika');
  });

  test('is as the API says it in English, without a code, and without the bound that the text needs', () => {
    expect(issueText(problem('validation_failed'), { ...about, code: 'too_long', bound: 80 }, 'en')).toBe(
      about.message,
    );
    expect(issueText(problem('validation_failed'), about, 'sw')).toBe(about.message);
    expect(issueText(problem('validation_failed'), { ...about, code: 'too_long' }, 'sw')).toBe(about.message);
  });
});
