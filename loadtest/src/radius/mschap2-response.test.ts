import { md4 } from './md4.js';
import { msChap2Response } from './mschap2-response.js';

test.each([
  ['', '31d6cfe0d16ae931b73c59d7e0c089c0'],
  ['abc', 'a448017aaf21d8525fc10ae87aa6729d'],
  ['message digest', 'd9130a8164549fe818874806e1c7014b'],
  [
    '12345678901234567890123456789012345678901234567890123456789012345678901234567890',
    'e33b4ddc9c38f2199c3e7b164fcc0536',
  ],
])('MD4 of %j is what RFC 1320 A.5 says', (text, digest) => {
  expect(md4(Buffer.from(text)).toString('hex')).toBe(digest);
});

test('answers the challenge of RFC 2759 9.2 as printed there', () => {
  const { response, challenge } = msChap2Response({
    username: 'User',
    password: 'clientPass',
    identifier: 9,
    authenticatorChallenge: Buffer.from('5b5d7c7d7b3f2f3e3c2c602132262628', 'hex'),
    peerChallenge: Buffer.from('21402324255e262a28295f2b3a337c7e', 'hex'),
  });
  expect(challenge.toString('hex')).toBe('5b5d7c7d7b3f2f3e3c2c602132262628');
  expect(response).toHaveLength(50);
  expect(response[0]).toBe(9);
  expect(response.subarray(26).toString('hex')).toBe('82309ecd8d708b5ea08faa3981cd83544233114a3d85d6df');
});
