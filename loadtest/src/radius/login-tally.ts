import { ATTR, CODE } from '@turnpike/radius/attributes.js';
import { LatencyHistogram } from './latency-histogram.js';
import { isSignedFirst, valueAt } from './reply-check.js';

/** What came back for logins that were all right, or all wrong. */
export class LoginTally {
  accepted = 0;
  rejected = 0;
  /** Accepts of a wrong password, rejects of a right one, answers that are neither. */
  wrongVerdicts = 0;
  /** Answers whose first attribute is not Message-Authenticator. */
  unsigned = 0;
  /** Accepts without the Class that accounting needs. */
  withoutClass = 0;
  lost = 0;
  readonly latencies = new LatencyHistogram();
  readonly #wrongPassword: boolean;

  constructor(wrongPassword: boolean) {
    this.#wrongPassword = wrongPassword;
  }

  add(reply: Buffer, tookMs: number): void {
    const isAccept = reply[0] === CODE.ACCESS_ACCEPT;
    if (isAccept) this.accepted += 1;
    else if (reply[0] === CODE.ACCESS_REJECT) this.rejected += 1;
    if (isAccept === this.#wrongPassword) this.wrongVerdicts += 1;
    if (!isSignedFirst(reply)) this.unsigned += 1;
    if (isAccept && valueAt(reply, reply.length, ATTR.CLASS) === -1) this.withoutClass += 1;
    this.latencies.add(tookMs);
  }
}
