import type { RouterState } from './router-state.js';

const quote = (value: string): string => (/^[\w.,:/!@*-]+$/.test(value) ? value : `"${value.replaceAll('"', '\\"')}"`);

/** The configuration as a script, without secrets, the way `/export` of version 7 prints it. */
export function exportText(state: RouterState): string {
  const lines: string[] = [`# ${state.time.now().toISOString()} by RouterOS ${state.version.text}`];
  for (const menu of state.schema.menus()) {
    if (menu.kind !== 'list' || menu.verbs['add'] === undefined) continue;
    const rows = state.table(menu.path).rows.filter((row) => !row.dynamic && row.props['default'] !== 'true');
    if (rows.length === 0) continue;
    lines.push(menu.path.replaceAll('/', ' ').replace(' ', '/'));
    for (const row of rows) {
      const words = Object.entries(row.props)
        .filter(([name, value]) => {
          const argument = menu.args[name];
          return (
            argument !== undefined &&
            argument.secret !== true &&
            argument.writeOnly !== true &&
            value !== argument.initial
          );
        })
        .map(([name, value]) => `${name}=${quote(value)}`);
      lines.push(`add ${words.join(' ')}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
