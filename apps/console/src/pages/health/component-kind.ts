const STORES = [
  ['this process', 'self'],
  ['postgresql', 'postgresql'],
  ['redis durable', 'durable'],
  ['redis cache', 'cache'],
] as const;

const ROLES = [
  ['radius-auth', 'radiusAuth'],
  ['radius-acct', 'radiusAcct'],
  ['radius', 'radius'],
  ['worker', 'worker'],
  ['api', 'api'],
] as const;

export type ComponentKind = (typeof STORES)[number][1] | (typeof ROLES)[number][1] | 'other';

interface Named {
  readonly kind: ComponentKind;
  readonly isStore: boolean;
  /** Which of several processes of the role; empty: there is one, or none. */
  readonly instance: string;
}

/** What a component of the health answer is, by its name: `redis durable`, `worker 0`. */
export function componentKind(name: string): Named {
  const store = STORES.find(([known]) => known === name);
  if (store !== undefined) return { kind: store[1], isStore: true, instance: '' };
  const role = ROLES.find(([known]) => name === known || name.startsWith(`${known} `));
  if (role === undefined) return { kind: 'other', isStore: false, instance: name };
  return { kind: role[1], isStore: false, instance: name.slice(role[0].length + 1) };
}

const REMEDIES = {
  self: 'doSelf',
  postgresql: 'doPostgresql',
  durable: 'doDurable',
  cache: 'doCache',
  api: 'doApi',
  worker: 'doWorker',
  radius: 'doRadius',
  radiusAuth: 'doRadius',
  radiusAcct: 'doRadius',
  other: 'doOther',
} as const satisfies Record<ComponentKind, string>;

/** The text that says what it means when it is not well, and what to do. */
export function remedyOf(kind: ComponentKind): (typeof REMEDIES)[ComponentKind] {
  return REMEDIES[kind];
}
