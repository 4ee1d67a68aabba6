import type { Endpoint } from '@turnpike/contracts/endpoint.js';
import { roleMay, type Permission, type Role } from '@turnpike/contracts/permissions.js';

/** Who makes a request: an operator, by a session or by an API token. */
export interface Actor {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Narrows what the role allows; empty: everything the role allows. */
  readonly scopes: readonly Permission[];
  readonly tokenId: string;
  readonly kind: 'session' | 'api';
  /** Sees and changes only what belongs to these sites; null: everything. */
  readonly sites: readonly string[] | null;
  /** Until then this session need not say again who it is. */
  readonly stepUpUntil: Date | null;
}

/** What somebody may see and do, whoever it is. */
export type Rights = Pick<Actor, 'role' | 'scopes' | 'sites'>;

export type Allow = Endpoint['allow'];

/** True when the role allows it and the token's scopes do not exclude it. */
export function mayActor(actor: Pick<Rights, 'role' | 'scopes'>, allow: Allow): boolean {
  if (allow === 'public' || allow === 'signed-in') return true;
  if (!roleMay(actor.role, allow)) return false;
  return actor.scopes.length === 0 || actor.scopes.includes(allow);
}

/** True when what one may see and do, the other may. */
export function haveSameRights(one: Actor, other: Actor | undefined): boolean {
  return other !== undefined && rightsText(one) === rightsText(other);
}

/** The same for all who have the same rights. */
export function rightsText({ role, scopes, sites }: Rights): string {
  return scopes.length === 0 && sites === null ? role : JSON.stringify([role, scopes, sites]);
}
