import { msChap2 } from './mschap2.js';

describe('MS-CHAPv2', () => {
  const example = {
    username: Buffer.from('User'),
    password: 'clientPass',
    authenticatorChallenge: Buffer.from('5b5d7c7d7b3f2f3e3c2c602132262628', 'hex'),
    peerChallenge: Buffer.from('21402324255e262a28295f2b3a337c7e', 'hex'),
  };

  // RFC 2759 9.2
  test('gives the responses of the example in the RFC', () => {
    const made = msChap2(example);
    expect(made.ntResponse.toString('hex')).toBe('82309ecd8d708b5ea08faa3981cd83544233114a3d85d6df');
    expect(made.authenticatorResponse).toBe('S=407A5589115FD0D6209F510FE9C04566932CDA56');
  });

  test('leaves a Windows domain out of the hash', () => {
    expect(msChap2({ ...example, username: Buffer.from('BIGCO\\User') })).toEqual(msChap2(example));
  });
});
