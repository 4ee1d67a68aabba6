import { generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto';

export interface SelfSigned {
  /** Private key, PEM. */
  readonly key: string;
  /** Certificate, PEM. */
  readonly certificate: string;
  /** SHA-256 of the certificate, `AB:CD:..`. */
  readonly fingerprint256: string;
}

const TAG = {
  INTEGER: 0x02,
  BIT_STRING: 0x03,
  OID: 0x06,
  UTF8: 0x0c,
  SEQUENCE: 0x30,
  SET: 0x31,
  TIME: 0x18,
  VERSION: 0xa0,
};
const ECDSA_WITH_SHA256 = Buffer.from('2a8648ce3d040302', 'hex');
const COMMON_NAME = Buffer.from('550403', 'hex');
const TEN_YEARS_MS = 3650 * 86_400_000;

/** One DER element (X.690 8.1): tag, length, contents. */
function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const body = Buffer.concat(contents);
  if (body.length < 0x80) return Buffer.concat([Buffer.of(tag, body.length), body]);
  const size =
    body.length < 0x100 ? Buffer.of(0x81, body.length) : Buffer.of(0x82, body.length >> 8, body.length & 0xff);
  return Buffer.concat([Buffer.of(tag), size, body]);
}

const name = (commonName: string): Buffer =>
  der(
    TAG.SEQUENCE,
    der(TAG.SET, der(TAG.SEQUENCE, der(TAG.OID, COMMON_NAME), der(TAG.UTF8, Buffer.from(commonName, 'utf8')))),
  );

const time = (date: Date): Buffer =>
  der(TAG.TIME, Buffer.from(`${date.toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)}Z`, 'ascii'));

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

/** Makes a P-256 key and a certificate that signs itself (RFC 5280 4.1), as a router's own API-SSL certificate is. */
export function makeSelfSigned(commonName: string, now: Date): SelfSigned {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const algorithm = der(TAG.SEQUENCE, der(TAG.OID, ECDSA_WITH_SHA256));
  // The first byte keeps the serial positive and free of leading zeros.
  const serial = Buffer.concat([Buffer.of(0x4d), randomBytes(11)]);
  const tbs = der(
    TAG.SEQUENCE,
    der(TAG.VERSION, der(TAG.INTEGER, Buffer.of(2))),
    der(TAG.INTEGER, serial),
    algorithm,
    name(commonName),
    der(TAG.SEQUENCE, time(new Date(now.getTime() - 86_400_000)), time(new Date(now.getTime() + TEN_YEARS_MS))),
    name(commonName),
    publicKey.export({ format: 'der', type: 'spki' }),
  );
  const signature = sign('sha256', tbs, privateKey);
  const bytes = der(TAG.SEQUENCE, tbs, algorithm, der(TAG.BIT_STRING, Buffer.of(0), signature));
  const certificate = pem('CERTIFICATE', bytes);
  return {
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    certificate,
    fingerprint256: new X509Certificate(certificate).fingerprint256,
  };
}
