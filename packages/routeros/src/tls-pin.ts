import type { Socket } from 'node:net';
import { TLSSocket, type ConnectionOptions } from 'node:tls';
import { RosError } from './ros-error.js';

/** Routers sign their own certificates, so the chain says nothing: the pin decides, before any word is sent. */
export const pinnedTlsOptions: Readonly<ConnectionOptions> = { rejectUnauthorized: false, minVersion: 'TLSv1.2' };

/** SHA-256 of a certificate as `AB:CD:..`, from any usual spelling; undefined when it is none. */
export function parseFingerprint256(text: string): string | undefined {
  const digits = text.replaceAll(/[:\s]/g, '').toUpperCase();
  return /^[0-9A-F]{64}$/.test(digits) ? digits.replaceAll(/(..)(?!$)/g, '$1:') : undefined;
}

/** Fingerprint of the certificate the peer proved to own, or undefined when it has offered none. */
export function peerFingerprint256(socket: Socket | TLSSocket): string | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  // Without a certificate this is an empty object, which the types do not say.
  const certificate: { fingerprint256?: string } = socket.getPeerCertificate();
  return certificate.fingerprint256;
}

/** Throws RosError `tls`, with the fingerprint that was offered, unless the peer owns the pinned certificate. */
export function checkPin(socket: Socket | TLSSocket, expected: string): void {
  const offered = peerFingerprint256(socket);
  if (offered === undefined) throw new RosError('tls', 'the router has no certificate');
  if (offered !== parseFingerprint256(expected)) {
    throw new RosError('tls', 'the certificate of the router is not the pinned one', { fingerprint256: offered });
  }
}
