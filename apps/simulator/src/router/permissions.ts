import type { RouterState } from './router-state.js';

const READING = new Set(['print', 'getall', 'listen', 'monitor', 'export']);
const NEEDS_POLICY = ['/user', '/user/group', '/user/aaa', '/user/active'];
/** What `print` shows instead of a secret to a user without the policy `sensitive`. */
export const MASK = '*****';

/** The policies that a user's group grants now; empty for a user that is gone. */
export function policiesOf(state: RouterState, username: string): ReadonlySet<string> {
  const group = state.byName('/user', username)?.props['group'] ?? '';
  const policy = state.byName('/user/group', group)?.props['policy'] ?? '';
  return new Set(policy.split(',').filter((one) => one !== '' && !one.startsWith('!')));
}

/** The policy that a command asks for. */
export function neededPolicy(path: string, verb: string): string {
  if (path === '/' && verb === 'ping') return 'test';
  if (path === '/tool') return 'test';
  if (path === '/' && verb === 'password') return 'password';
  if (path === '/' && verb === 'export') return 'read';
  if (path === '/system' && ['reboot', 'shutdown', 'reset-configuration'].includes(verb)) return 'reboot';
  if (path === '/system/backup' || (path === '/' && verb === 'import')) return 'ftp';
  if (READING.has(verb)) return 'read';
  if (NEEDS_POLICY.includes(path)) return 'policy';
  return 'write';
}
