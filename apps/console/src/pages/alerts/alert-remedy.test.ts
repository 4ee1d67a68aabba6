import { alertKindNames, alertKinds } from '@turnpike/contracts/alert-kinds.js';
import { alertTitle } from '@turnpike/contracts/alert-titles.js';
import { pages } from '../pages.js';
import { alertWords } from './alert-words.js';
import { remedyOf } from './alert-remedy.js';

const subjectOf = (kind: (typeof alertKindNames)[number]) => {
  return { kind: alertKinds[kind].subject, id: 'Kilimani & co', name: 'Kilimani & co' };
};

/** A pattern of a page as a regular expression. */
const patterns = pages.map(({ path }) => new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`));

test.each(alertKindNames)('%s leads to a page that there is, by a name in both languages', (kind) => {
  const { to, label } = remedyOf({ kind, subject: subjectOf(kind) });
  const { pathname } = new URL(to, 'http://console');
  expect(patterns.some((pattern) => pattern.test(pathname))).toBe(true);
  expect(alertWords.texts.en[label]).not.toBe(alertWords.texts.sw[label]);
});

test('names of sites and queues are put into addresses safely', () => {
  expect(remedyOf({ kind: 'site_down', subject: subjectOf('site_down') }).to).toBe('/routers?site=Kilimani%20%26%20co');
});

test.each(alertKindNames)('%s has a title in both languages, without anything missing', (kind) => {
  const params = { name: 'Gate', count: 2, failed: 6, all: 10, reason: 'wrong_password', entry: '7' };
  const titles = [alertTitle({ kind, value: 1, params }, 'en'), alertTitle({ kind, value: 5, params }, 'sw')];
  expect(titles[0]).not.toBe(titles[1]);
  for (const title of titles) expect(title).not.toMatch(/undefined|NaN|\?/);
});
