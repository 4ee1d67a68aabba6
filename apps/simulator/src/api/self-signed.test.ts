import { X509Certificate } from 'node:crypto';
import { makeSelfSigned } from './self-signed.js';

test('every certificate can be read, is signed by its own key and is valid now, whatever the name is long', () => {
  const now = new Date('2026-05-01T00:00:00Z');
  for (let length = 1; length <= 64; length += 1) {
    const made = makeSelfSigned('r'.repeat(length), now);
    const certificate = new X509Certificate(made.certificate);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.subject).toBe(`CN=${'r'.repeat(length)}`);
    expect(certificate.fingerprint256).toBe(made.fingerprint256);
    expect(new Date(certificate.validFrom).getTime()).toBeLessThan(now.getTime());
    expect(new Date(certificate.validTo).getTime()).toBeGreaterThan(now.getTime());
  }
});
