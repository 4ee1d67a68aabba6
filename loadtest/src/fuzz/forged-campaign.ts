import { hash } from 'node:crypto';
import { CODE } from '@turnpike/radius/attributes.js';
import { verifyRequest } from '@turnpike/radius/authenticators.js';
import { verifyReply } from '@turnpike/radius/encode.js';
import { parsePacket } from '@turnpike/radius/packet.js';
import { Tally, type Campaign } from './campaign.js';
import { append, createDraft, type Draft } from './generate.js';
import { Random } from './random.js';
import { sign, styleOf, trueAuthenticator, trueMessageAuthenticator } from './signatures.js';

/** Forgeries of one packet before another is made, with another secret. */
const TRIALS_OF_ONE = 2048;
const AUTHENTICATOR_AT = 4;
const HEADER = 20;
const ZERO = Buffer.alloc(16);
const CODES: readonly [number, ...number[]] = [1, 12, 4, 4, 40, 43, 2, 3, 11, 5, 41, 42, 44, 45];

/** A packet whose sender knows the secret, and where its proofs of that lie. */
interface Genuine {
  readonly bytes: Buffer;
  readonly secret: Buffer;
  readonly requestAuthenticator: Buffer;
  /** Offset of the value of its Message-Authenticator, or -1. */
  readonly signatureAt: number;
}

/** Ways to guess or bend 16 bytes; each gives bytes that are never the true ones. */
type Forgery = (truth: Buffer, random: Random, target: Buffer) => void;

/** Writes 16 bytes that repeat `pattern`. */
function repeat(pattern: readonly number[]): Forgery {
  return (_truth, _random, target) => target.fill(Buffer.from(pattern));
}

const FORGERIES: readonly (readonly [name: string, forge: Forgery])[] = [
  ['random bytes', (_truth, random, target) => random.fill(target, 0, 16)],
  ['ff x 16', repeat([0xff])],
  ['00 x 16', repeat([0])],
  // A comparison of bytes read as UTF-8 text takes all of these for the same replacement characters.
  [
    'e2 80 ff ...',
    (_truth, _random, target) => {
      target.fill(0xff);
      target[0] = 0xe2;
      target[1] = 0x80;
    },
  ],
  ['ef bf bd ...', repeat([0xef, 0xbf, 0xbd])],
  ['alike when read as text', alikeAsText],
  ['1 to 3 bits flipped', flipBits],
  [
    'all but the last byte right',
    (truth, _random, target) => {
      truth.copy(target);
      target[15] = (truth[15] ?? 0) ^ 0x5a;
    },
  ],
  [
    'all but the first byte right',
    (truth, _random, target) => {
      truth.copy(target);
      target[0] = (truth[0] ?? 0) ^ 0x5a;
    },
  ],
  [
    'turned by one byte',
    (truth, _random, target) => {
      truth.copy(target, 1, 0, 15);
      target[0] = truth[15] ?? 0;
    },
  ],
];

function alikeAsText(truth: Buffer, random: Random, target: Buffer): void {
  truth.copy(target);
  for (const [at, byte] of truth.entries()) if (byte >= 0xf8 || byte === 0xc0) target[at] = 0xf8 + random.below(8);
  if (target.equals(truth)) target[0] = (truth[0] ?? 0) ^ 0x80;
}

function flipBits(truth: Buffer, random: Random, target: Buffer): void {
  truth.copy(target);
  for (let count = random.between(1, 3); count > 0; count -= 1) {
    const at = random.below(16);
    target[at] = (target[at] ?? 0) ^ (1 << random.below(8));
  }
  // Two flips of one bit are none.
  if (target.equals(truth)) target[7] = (truth[7] ?? 0) ^ 1;
}

/**
 * Signed packets of every code with their proofs replaced by guesses, and each once with every single bit flipped.
 * Whoever is believed is a finding. One in a hundred trials is the genuine packet, which must be believed.
 */
export function createForgedCampaign(seed: number): Campaign {
  const tally = new Tally();
  const random = new Random(seed);
  const draft = createDraft();
  let genuine: Genuine | undefined;
  let genuineOf = -1;

  function genuineFor(index: number): Genuine {
    const group = Math.floor(index / TRIALS_OF_ONE);
    if (genuine !== undefined && group === genuineOf) return genuine;
    random.reseed(seed, group + 0x4000_0000);
    genuineOf = group;
    genuine = makeGenuine(random, draft, secretOf(seed, group));
    flipEveryBit(genuine, index);
    return genuine;
  }

  function flipEveryBit(of: Genuine, index: number): void {
    const bytes = Buffer.from(of.bytes);
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const at = bit >> 3;
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7));
      tally.count('single-bit flips');
      if (isBelieved(bytes, of)) {
        tally.found({ kind: 'flip-accepted', detail: `bit ${bit & 7} of byte ${at}`, index, datagram: bytes });
      }
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7));
    }
  }

  function step(index: number): void {
    const of = genuineFor(index);
    random.reseed(seed, index);
    if (index % 100 === 99) {
      tally.count('genuine ones between');
      if (!isBelieved(of.bytes, of))
        tally.found({ kind: 'genuine-refused', detail: `code ${of.bytes[0]}`, index, datagram: of.bytes });
      return;
    }
    const bytes = Buffer.from(of.bytes);
    const name = forge(bytes, of, random);
    tally.count(`forged: ${name}`);
    const started = performance.now();
    let accepted: boolean;
    try {
      accepted = isBelieved(bytes, of);
    } catch (error) {
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return tally.found({ kind: 'throws', detail, index, datagram: bytes });
    }
    tally.times.record(performance.now() - started);
    if (accepted) tally.found({ kind: 'forged-accepted', detail: `${name}, code ${bytes[0]}`, index, datagram: bytes });
  }

  return { tally, step };
}

/** Replaces a proof in `bytes`; says how. */
function forge(bytes: Buffer, of: Genuine, random: Random): string {
  const isNonce = styleOf(bytes[0] ?? 0) === 'nonce';
  const inSignature = isNonce || (of.signatureAt !== -1 && random.chance(0.5));
  const at = inSignature ? of.signatureAt : AUTHENTICATOR_AT;
  const target = bytes.subarray(at, at + 16);
  const where = inSignature ? 'Message-Authenticator' : 'authenticator';
  const way = random.below(FORGERIES.length + 1);
  const forgery = FORGERIES[way];
  if (forgery === undefined) {
    signWith(bytes, neighbourOf(of.secret, random), of, inSignature);
    if (!inSignature || isNonce) return `${where}: made with another secret`;
  } else {
    forgery[1](Buffer.from(target), random, target);
  }
  // The other proof is made right, as if the secret were known: each has to hold alone.
  if (inSignature && !isNonce) authenticate(bytes, of);
  return `${where}: ${forgery?.[0] ?? 'made with another secret'}`;
}

function signWith(bytes: Buffer, secret: Buffer, of: Genuine, inSignature: boolean): void {
  if (inSignature)
    trueMessageAuthenticator(bytes, of.signatureAt - 2, secret, of.requestAuthenticator).copy(bytes, of.signatureAt);
  else trueAuthenticator(bytes, secret, basisOf(bytes, of)).copy(bytes, AUTHENTICATOR_AT);
}

function authenticate(bytes: Buffer, of: Genuine): void {
  trueAuthenticator(bytes, of.secret, basisOf(bytes, of)).copy(bytes, AUTHENTICATOR_AT);
}

function basisOf(bytes: Buffer, of: Genuine): Buffer {
  return styleOf(bytes[0] ?? 0) === 'reply' ? of.requestAuthenticator : ZERO;
}

/** A secret that is not this one but as near as it gets: a bit, a byte more or less, none. */
function neighbourOf(secret: Buffer, random: Random): Buffer {
  const other = Buffer.from(secret);
  switch (random.below(4)) {
    case 0:
      other[random.below(other.length)] = 0x21;
      return other.equals(secret) ? other.subarray(1) : other;
    case 1:
      return other.subarray(0, other.length - 1);
    case 2:
      return Buffer.concat([other, Buffer.from('x')]);
    default:
      return Buffer.alloc(0);
  }
}

function isBelieved(bytes: Buffer, of: Genuine): boolean {
  const code = of.bytes[0] ?? 0;
  if (styleOf(code) === 'reply') {
    const request = { code: requestOf(code), identifier: of.bytes[1] ?? 0, authenticator: of.requestAuthenticator };
    return verifyReply(bytes, request, of.secret).ok;
  }
  const parsed = parsePacket(bytes);
  return parsed.ok && verifyRequest(parsed.packet, [of.secret], { messageAuthenticator: 'required' }).ok;
}

function requestOf(replyCode: number): number {
  if (replyCode === CODE.ACCOUNTING_RESPONSE) return CODE.ACCOUNTING_REQUEST;
  if (replyCode === CODE.DISCONNECT_ACK || replyCode === CODE.DISCONNECT_NAK) return CODE.DISCONNECT_REQUEST;
  return replyCode === CODE.COA_ACK || replyCode === CODE.COA_NAK ? CODE.COA_REQUEST : CODE.ACCESS_REQUEST;
}

function makeGenuine(random: Random, draft: Draft, secret: Buffer): Genuine {
  const code = random.pick(CODES);
  const requestAuthenticator = random.bytes(16);
  draft.length = HEADER;
  draft.bytes[0] = code;
  draft.bytes[1] = random.next();
  random.fill(draft.bytes, AUTHENTICATOR_AT, HEADER);
  const isAlwaysSigned = [1, 12, 2, 3, 11].includes(code);
  const isSigned = isAlwaysSigned || random.chance(0.5);
  const signatureAt = isSigned ? signatureSlot(random, draft) : -1;
  append(draft, 25, random.bytes(random.between(1, 40)));
  draft.bytes.writeUInt16BE(draft.length, 2);
  const bytes = Buffer.from(draft.bytes.subarray(0, draft.length));
  sign(bytes, secret, requestAuthenticator);
  return { bytes, secret, requestAuthenticator, signatureAt };
}

/** Some attributes and the Message-Authenticator at any place among them. */
function signatureSlot(random: Random, draft: Draft): number {
  for (const type of [1, 31, 87]) if (random.chance(0.5)) append(draft, type, random.bytes(random.between(1, 30)));
  append(draft, 80, ZERO);
  const at = draft.length - 16;
  for (const type of [32, 44]) if (random.chance(0.5)) append(draft, type, random.bytes(random.between(1, 30)));
  return at;
}

function secretOf(seed: number, number: number): Buffer {
  return Buffer.from(hash('sha256', `forged ${seed} ${number}`, 'hex').slice(0, 32));
}
