import { escapeHtml, html, trusted } from './html.js';

describe('templates', () => {
  test('S4: escape everything that is put into them, in text and in attributes', () => {
    const hostile = `<script>alert("x")</script>' onload=\`y\` &amp;`;
    const text = html`<p title="${hostile}">${hostile}</p>`.toString();
    expect(text).toBe(`<p title="${escapeHtml(hostile)}">${escapeHtml(hostile)}</p>`);
    expect(text).not.toMatch(/<script|" onload|' onload/);
  });

  test('keep markup of other templates as it is, lists of it too', () => {
    expect(
      html`<ul>
        ${['a', '<b>'].map((one) => html`<li>${one}</li>`)}
      </ul>`.toString(),
    ).toBe('<ul>\n<li>a</li><li>&lt;b&gt;</li>\n</ul>');
    expect(html`${trusted('<hr>')}${0}${undefined}${false}`.toString()).toBe('<hr>0');
  });

  test('a value that looks like markup of ours is escaped all the same', () => {
    const forged: unknown = JSON.parse('{"toString":"<script>"}');
    expect(html`${String(JSON.stringify(forged))}`.toString()).not.toContain('<script>');
  });
});
