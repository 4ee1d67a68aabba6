/** What the script needs; only the user name and password may have been typed by somebody. */
export interface BootstrapValues {
  readonly routerId: string;
  readonly apiUsername: string;
  readonly apiPassword: string;
  /** Address to report to, null when the operator has already given the router's address. */
  readonly callHomeUrl: string | null;
}

/** What RouterOS reads as one plain word wherever it stands: no quotes, variables, separators or brackets. */
const PLAIN_WORD = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;
/** `ftp` is what RouterOS asks of who writes files, as the hotspot's pages are; the service of that name stays as it is. */
const GROUP_POLICY = 'api,read,write,test,password,sensitive,ftp';

/**
 * The script an installer pastes into the router's terminal: a least-privilege API user, a certificate made on the router,
 * API-SSL with it, and a call home. It can be pasted again: what is there already is kept, and the group brought up to date.
 * Text that somebody typed never becomes part of a script: a user whose name or password is not a plain word is left out.
 */
export function bootstrapScript(values: BootstrapValues): string {
  const lines = [
    `# Turnpike bootstrap for router ${values.routerId}: paste into a terminal of the router`,
    `:if ([:len [/user group find name=tp-api]] = 0) do={/user group add name=tp-api policy=${GROUP_POLICY}} else={/user group set [find name=tp-api] policy=${GROUP_POLICY}}`,
    userLine(values),
    ':if ([:len [/certificate find name=tp-api]] = 0) do={/certificate add name=tp-api common-name=turnpike days-valid=3650 key-size=2048 key-usage=digital-signature,key-encipherment,tls-server; /certificate sign tp-api}',
    ':delay 3s',
    '/ip service set [find name=api-ssl dynamic=no] disabled=no certificate=tp-api port=8729',
  ];
  if (values.callHomeUrl !== null) {
    lines.push(
      `:do {/tool fetch url="${values.callHomeUrl}" http-method=post output=none} on-error={:put "Turnpike was not reached: enter the address of this router in the console instead"}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function userLine({ apiUsername: user, apiPassword: password }: BootstrapValues): string {
  if (!PLAIN_WORD.test(user) || !PLAIN_WORD.test(password)) {
    return '# Add the API user by hand, in group tp-api: its name or password has characters that scripts read otherwise';
  }
  // A user who was there before (admin, say) keeps group and password: only one that this script made is changed.
  return `:if ([:len [/user find name=${user}]] = 0) do={/user add name=${user} group=tp-api password=${password}} else={/user set [find name=${user} group=tp-api] password=${password}}`;
}
