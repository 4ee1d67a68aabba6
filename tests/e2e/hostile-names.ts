/** What runs when a page takes it for more than text; it leaves a mark that tests look for. */
const MARK = 'brokenOut=1';
const PAYLOADS = [
  `<img src=x onerror=${MARK}>`,
  `<script>${MARK}</script>`,
  `"><svg onload=${MARK}>`,
  `'-(${MARK})-'`,
  `javascript:${MARK}`,
  `<a href="javascript:${MARK}">x</a>`,
  `<iframe srcdoc="<script>${MARK}</script>">`,
  `{{constructor.constructor('${MARK}')()}}`,
  `\${${MARK}}`,
  `</style><script>${MARK}</script>`,
  `<style>*{display:none}</style>`,
  `<math><mtext><img src=x onerror=${MARK}>`,
  `&lt;script&gt;${MARK}&lt;/script&gt;`,
  `\u202e<b onmouseover=${MARK}>`,
  `'; DROP TABLE package; --`,
  `%3Cscript%3E${MARK}%3C/script%3E`,
  `<object data="data:text/html,<script>${MARK}</script>">`,
  `__proto__`,
  `$t(api:notDone)`,
  `{{count}} {{name}}`,
] as const;

/** `h00-17 <img ...>`: the group, a number within it, and something hostile; at most 80 characters. */
export function hostileNames(groups: number, perGroup: number): string[] {
  return Array.from({ length: groups * perGroup }, (_, index) => {
    const payload = PAYLOADS[index % PAYLOADS.length] ?? '';
    return `${groupOf(Math.floor(index / perGroup))}${index % perGroup} ${payload}`.slice(0, 80);
  });
}

export function groupOf(group: number): string {
  return `h${String(group).padStart(2, '0')}-`;
}
