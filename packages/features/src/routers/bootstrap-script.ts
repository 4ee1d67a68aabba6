/** What the script needs; every value is made by us, none is typed by a user, so nothing needs quoting rules. */
export interface BootstrapValues {
  readonly routerId: string;
  readonly apiUsername: string;
  readonly apiPassword: string;
  /** Address to report to, null when the operator has already given the router's address. */
  readonly callHomeUrl: string | null;
}

const GROUP_POLICY = 'api,read,write,test,password,sensitive';

/**
 * The script an installer pastes into the router's terminal: a least-privilege API user, a certificate made on the router,
 * API-SSL with it, and a call home. It can be pasted again; each line is left out when its object is there.
 */
export function bootstrapScript(values: BootstrapValues): string {
  const user = values.apiUsername;
  const lines = [
    `# Turnpike bootstrap for router ${values.routerId}: paste into a terminal of the router`,
    `:if ([:len [/user group find name=tp-api]] = 0) do={/user group add name=tp-api policy=${GROUP_POLICY}}`,
    `:if ([:len [/user find name=${user}]] = 0) do={/user add name=${user} group=tp-api password=${values.apiPassword}} else={/user set [find name=${user}] group=tp-api password=${values.apiPassword}}`,
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
