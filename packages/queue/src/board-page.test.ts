import { withoutForeignLinks } from './board-page.js';

describe('the page of the queue board', () => {
  test('loses the links to other servers, whatever stands around them, and keeps its own', () => {
    const own = '<link rel="icon" href="static/favicon.ico">\n<link href="static/css/main.css" rel="stylesheet">';
    const foreign = '<link rel="stylesheet" href="https://fonts.example.com/css2?family=A&display=swap">';
    expect(withoutForeignLinks(`<head>${own}\n  ${foreign}</head>`)).toBe(`<head>${own}</head>`);
    expect(withoutForeignLinks(`<link href="//fonts.example.com/a" rel="preconnect"/>${own}`)).toBe(own);
  });
});
