import { quoted } from '../../kit/curl.js';

interface Shown {
  readonly state?: string | undefined;
  readonly q?: string | undefined;
}

/** The command that lists the same payments; it narrows by state and search only. */
export function paymentCommand({ state, q }: Shown): string {
  const search = q === undefined ? '' : ` --search ${quoted(q)}`;
  return `payment list${state === undefined ? '' : ` --state ${state}`}${search}`;
}
