/*
 * How an object on a router is known to be ours. Menus with a comment carry a tag, `tp:<service>:<role>[:<which>]`;
 * menus without one, and everything that others refer to by name, carry one of our names.
 */

/** Objects that belong to no single service. */
export const CORE = 'core';

/** Chains of the firewall in which all our rules live, except the two jumps into them. */
export const INPUT_CHAIN = 'tp-input';
export const FORWARD_CHAIN = 'tp-forward';

const TAG = /^tp:[a-z0-9]{1,8}:[a-z][a-z0-9-]*(?::.{1,64})?$/;
const NAME = /^tp-(?:hotspot|pppoe)[1-8]$/;

/** Folders of hotspots, and what we put there; the router adds files of its own to them. */
const FILE =
  /^(?:flash\/)?tp-hotspot[1-8](?:\/(?:login|rlogin|redirect|alogin|status|logout|error)\.html|\/errors\.txt)?$/;

/** `slug` names the service on the router: `hotspot1`, `pppoe2`. */
export function tagOf(slug: string, role: string, which?: string): string {
  return which === undefined ? `tp:${slug}:${role}` : `tp:${slug}:${role}:${which}`;
}

export function nameOf(slug: string): string {
  return `tp-${slug}`;
}

export function isTag(comment: string | undefined): boolean {
  return comment !== undefined && TAG.test(comment);
}

export function isOurFile(name: string | undefined): boolean {
  return name !== undefined && FILE.test(name);
}

/** Exactly our names: a customer's own `tp-link` is not one of them. */
export function isOurName(name: string | undefined): boolean {
  return name !== undefined && NAME.test(name);
}
