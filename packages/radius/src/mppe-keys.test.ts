import { MICROSOFT } from './attributes.js';
import { md4 } from './md4.js';
import { mppeAttributes, mppeKeys } from './mppe-keys.js';

describe('MPPE keys', () => {
  // RFC 3079 3.5.3
  test('are those of the example in the RFC', () => {
    const passwordHashHash = md4(md4(Buffer.from('clientPass', 'utf16le')));
    expect(passwordHashHash.toString('hex')).toBe('41c00c584bd2d91c4017a2a12fa59f3f');
    const ntResponse = Buffer.from('82309ecd8d708b5ea08faa3981cd83544233114a3d85d6df', 'hex');
    const { sendKey, recvKey } = mppeKeys(passwordHashHash, ntResponse);
    expect(sendKey.toString('hex')).toBe('8b7cdc149b993a1ba118cb153f56dccb');
    expect(recvKey).toHaveLength(16);
    expect(recvKey.equals(sendKey)).toBe(false);
  });

  test('go with the permission to encrypt and the key lengths', () => {
    const attributes = mppeAttributes({ sendKey: Buffer.alloc(16, 1), recvKey: Buffer.alloc(16, 2) });
    expect(attributes.map(({ type, value }) => [type, value.toString('hex')])).toEqual([
      [MICROSOFT.MPPE_ENCRYPTION_POLICY, '00000001'],
      [MICROSOFT.MPPE_ENCRYPTION_TYPES, '00000006'],
      [MICROSOFT.MPPE_SEND_KEY, '01'.repeat(16)],
      [MICROSOFT.MPPE_RECV_KEY, '02'.repeat(16)],
    ]);
  });
});
