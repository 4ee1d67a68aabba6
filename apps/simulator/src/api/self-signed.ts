import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface SelfSigned {
  readonly key: string;
  readonly certificate: string;
  /** SHA-256 of the certificate, `AB:CD:..`. */
  readonly fingerprint256: string;
}

const PEM = /-----BEGIN ([A-Z ]+)-----[\s\S]+?-----END \1-----/g;

/** Makes a key and certificate with the `openssl` program; undefined where there is none: then there is no API-SSL. */
export async function makeSelfSigned(commonName: string): Promise<SelfSigned | undefined> {
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  const args = [
    'req',
    '-x509',
    ...curve,
    '-nodes',
    '-days',
    '3650',
    '-subj',
    `/CN=${commonName}`,
    '-keyout',
    '/dev/stdout',
  ];
  try {
    const { stdout } = await run('openssl', args, { timeout: 10_000 });
    const blocks = [...stdout.matchAll(PEM)].map((match) => match[0]);
    const key = blocks.find((block) => block.includes('PRIVATE KEY'));
    const certificate = blocks.find((block) => block.includes('BEGIN CERTIFICATE'));
    if (key === undefined || certificate === undefined) return undefined;
    return { key, certificate, fingerprint256: new X509Certificate(certificate).fingerprint256 };
  } catch {
    return undefined;
  }
}
