import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

export interface SelfSignedCertificate {
  readonly key: string;
  readonly cert: string;
  /** SHA-256 of the certificate, `AB:CD:..`. */
  readonly fingerprint256: string;
}

const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OBJECT_ID = 0x06;
const UTF8_STRING = 0x0c;
const UTC_TIME = 0x17;

const COMMON_NAME = der(OBJECT_ID, Buffer.of(0x55, 0x04, 0x03));
const ECDSA_WITH_SHA256 = der(SEQUENCE, der(OBJECT_ID, Buffer.from('2a8648ce3d040302', 'hex')));

/** A new X.509 version 1 certificate (RFC 5280, section 4.1) for a new P-256 key, like the one a router makes for itself. */
export function selfSignedCertificate(commonName: string): SelfSignedCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const body = certificateBody(commonName, publicKey);
  const signature = bitString(sign('sha256', body, privateKey));
  const certificate = der(SEQUENCE, body, ECDSA_WITH_SHA256, signature);
  const digest = createHash('sha256').update(certificate).digest('hex').toUpperCase();
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: pem(certificate),
    fingerprint256: digest.replaceAll(/(..)(?!$)/g, '$1:'),
  };
}

function certificateBody(commonName: string, publicKey: KeyObject): Buffer {
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8_STRING, Buffer.from(commonName)))));
  const validity = der(SEQUENCE, utcTime('200101000000Z'), utcTime('491231235959Z'));
  const key = publicKey.export({ type: 'spki', format: 'der' });
  return der(SEQUENCE, der(INTEGER, Buffer.of(1)), ECDSA_WITH_SHA256, name, validity, name, key);
}

function utcTime(text: string): Buffer {
  return der(UTC_TIME, Buffer.from(text));
}

function bitString(bytes: Buffer): Buffer {
  return der(BIT_STRING, Buffer.of(0), bytes);
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const { length } = body;
  const header = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...header), body]);
}

function pem(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
