import { msChap2Response } from './mschap2-response.js';

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
