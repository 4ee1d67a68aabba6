import { msChap2 } from '@turnpike/radius/mschap2.js';

/** What a PPP client sends for MS-CHAPv2: MS-CHAP-Challenge and MS-CHAP2-Response (RFC 2548 2.3.2). */
export interface MsChap2Values {
  readonly challenge: Buffer;
  readonly response: Buffer;
}

export interface MsChap2Login {
  readonly username: string;
  readonly password: string;
  readonly identifier: number;
  /** 16 bytes each. */
  readonly authenticatorChallenge: Buffer;
  readonly peerChallenge: Buffer;
}

/** The client's side of RFC 2759 8.1. */
export function msChap2Response(login: MsChap2Login): MsChap2Values {
  const { ntResponse } = msChap2({ ...login, username: Buffer.from(login.username) });
  const response = Buffer.alloc(50);
  response[0] = login.identifier;
  login.peerChallenge.copy(response, 2);
  ntResponse.copy(response, 26);
  return { challenge: login.authenticatorChallenge, response };
}
