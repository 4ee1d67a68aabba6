/** What can be allowed. Every endpoint names one (or `signed-in` or `public`); there is no other place that decides. */
export const permissions = [
  'operators:manage',
  'tokens:manage',
  'audit:read',
  'routers:read',
  'routers:write',
  'provisioning:read',
  'provisioning:deploy',
  'packages:read',
  'packages:write',
  'customers:read',
  'customers:write',
  'grants:write',
  'vouchers:read',
  'vouchers:write',
  'payments:read',
  'payments:write',
  'ledger:read',
  'ledger:write',
  'agent:sell',
  'customers:export',
  'notifications:read',
  'reports:read',
  'sessions:read',
  'sessions:disconnect',
  'dashboard:read',
  'alerts:read',
  'alerts:write',
  'operations:read',
  'operations:write',
  'settings:manage',
] as const;

export type Permission = (typeof permissions)[number];

export const roles = ['owner', 'admin', 'support', 'finance', 'viewer', 'agent'] as const;
export type Role = (typeof roles)[number];

const reading: readonly Permission[] = [
  'routers:read',
  'provisioning:read',
  'packages:read',
  'customers:read',
  'sessions:read',
  'dashboard:read',
  'alerts:read',
  'operations:read',
];

/** The one permission table. */
export const permissionsOfRole: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  owner: new Set(permissions),
  admin: new Set(permissions.filter((permission) => permission !== 'operators:manage')),
  support: new Set([
    ...reading,
    'customers:write',
    'grants:write',
    'vouchers:read',
    'payments:read',
    'notifications:read',
    'sessions:disconnect',
    'alerts:write',
  ]),
  finance: new Set([
    ...reading,
    'payments:read',
    'payments:write',
    'ledger:read',
    'ledger:write',
    'vouchers:read',
    'notifications:read',
    'reports:read',
    'audit:read',
  ]),
  viewer: new Set(reading),
  // Sells from its own wallet and sees nothing of anybody else.
  agent: new Set(['agent:sell']),
};

export function roleMay(role: Role, permission: Permission): boolean {
  return permissionsOfRole[role].has(permission);
}
