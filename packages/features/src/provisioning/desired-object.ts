import type { Secret } from '@turnpike/core/secret.js';

/** A secret to be set, with the keyed hash by which a later deploy knows that the router already has it. */
export interface DesiredSecret {
  readonly property: string;
  readonly value: Secret;
  readonly fingerprint: string;
}

/** One object as it should be on the router. */
export interface DesiredObject {
  readonly path: string;
  /** Our name for it: its tag, its name, or `settings`. */
  readonly key: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly secret?: DesiredSecret;
  /** The operator agreed that a row of somebody else's that is in the way becomes ours. */
  readonly mayTake?: boolean;
  /** Must be passed before any FastTrack rule of its chain, and is put in front of all rules when it is made. */
  readonly first?: boolean;
}

/** The RADIUS server as the router has to see it. */
export interface RadiusSettings {
  /** IPv4 address; RouterOS takes no host name here. */
  readonly address: string;
  readonly authPort: number;
  readonly acctPort: number;
  /** Port on the router for Disconnect and CoA (RFC 5176). */
  readonly coaPort: number;
  readonly interimSeconds: number;
}

/** What the router is as a NAS. */
export interface NasIdentity {
  /** Source address of its RADIUS packets, where it is known. */
  readonly address: string | null;
  /** NAS-Identifier, where the source address alone does not tell it; the router sends its identity. */
  readonly identifier: string | null;
  readonly secret: Secret;
  /** Keyed hash of the secret. */
  readonly secretFingerprint: string;
}

export function settings(path: string, properties: Readonly<Record<string, string>>): DesiredObject {
  return { path, key: 'settings', properties };
}

export function tagged(path: string, tag: string, properties: Readonly<Record<string, string>>): DesiredObject {
  return { path, key: tag, properties: { ...properties, comment: tag } };
}

export function named(path: string, name: string, properties: Readonly<Record<string, string>>): DesiredObject {
  return { path, key: name, properties: { name, ...properties } };
}
