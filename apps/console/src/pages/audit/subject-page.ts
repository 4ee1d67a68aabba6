const FOLDERS: Readonly<Record<string, string>> = {
  router: '/routers',
  customer: '/customers',
  payment: '/payments',
  package: '/packages',
  session: '/sessions',
  agent: '/agents',
  voucher: '/vouchers/codes',
  voucher_batch: '/vouchers',
  operator: '/settings/operators',
  alert: '/alerts',
  settings: '/settings',
};

/** Where the thing of an audit entry is shown; undefined: nowhere. */
export function subjectPage(type: string, id: string): string | undefined {
  const folder = FOLDERS[type];
  return folder === undefined ? undefined : `${folder}/${id}`;
}
