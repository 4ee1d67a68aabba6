import { hash } from 'node:crypto';
import { ATTR, CODE, type Attribute } from '@turnpike/radius/attributes.js';
import { authenticatorStyle, verifyRequest } from '@turnpike/radius/authenticators.js';
import { verifyChap } from '@turnpike/radius/chap.js';
import { encodeReply, verifyReply } from '@turnpike/radius/encode.js';
import { parsePacket, type RadiusPacket } from '@turnpike/radius/packet.js';
import { revealPassword } from '@turnpike/radius/user-password.js';
import { describeAttributes } from '@turnpike/radius/value-codec.js';
import { Tally, type Campaign } from './campaign.js';
import { createDraft, createGenerator, signDraft, type Draft, type Generated } from './generate.js';
import { mutate } from './mutate.js';
import { LENIENT, createOracle, type Judgement } from './oracle.js';
import { unfolded } from './oracle-attributes.js';
import { Random } from './random.js';
import { isAuthenticReply, isAuthenticRequest } from './signatures.js';

/** A packet that takes longer than this again and again is a way to stop the service. */
export const SLOWEST_MS = 5;

/** Refusals of well-formed packets that are our rule, and why. Any other refusal of one is a finding. */
export const STRICTER: Readonly<Record<string, string>> = {
  'too-many-attributes': 'more than 200 attributes: no NAS sends more than a few dozen, and every look-up walks them',
  'unknown-code': 'codes nobody sends us (Status-Client)',
  'bad-vendor-attribute':
    'attributes of the vendors we read must be lists of type, length, value, which RFC 2865 5.26 only recommends',
  'duplicate-attribute': 'credentials of a vendor may come once',
  'bad-attribute-size': "MikroTik's numbers have 4 bytes, which no RFC says",
};

const MIKROTIK = 14988;
const MICROSOFT = 311;
const ACCEPT: readonly Attribute[] = [
  { type: ATTR.SESSION_TIMEOUT, value: Buffer.from([0, 0, 14, 16]) },
  { type: ATTR.CLASS, value: Buffer.from('tp2.fuzz') },
  { vendor: MIKROTIK, type: 8, value: Buffer.from('10M/10M') },
];
const NONE: readonly Attribute[] = [];
const OTHER_PASSWORD = Buffer.from('not this one');
const DESCRIBED_EVERY = 64;

/** What the codec said of one datagram; kept apart from the oracle, whose time is not counted. */
interface Answers {
  parsed: ReturnType<typeof parsePacket>;
  verified: ReturnType<typeof verifyRequest> | undefined;
  verifiedOptional: ReturnType<typeof verifyRequest> | undefined;
  password: Buffer | undefined;
  chapRight: boolean;
  chapWrong: boolean;
  reply: Buffer | undefined;
  replyTooBig: boolean;
  repliedTo: ReturnType<typeof verifyReply> | undefined;
}

/**
 * Valid packets of every code, most of them spoiled and half of those signed again, through everything the codec does
 * with a datagram; every answer is compared with an oracle's.
 */
export function createRadiusCampaign(seed: number): Campaign {
  const tally = new Tally();
  const random = new Random(seed);
  const generator = createGenerator();
  const judge = createOracle();
  const draft = createDraft();
  const other = createDraft();
  // Secrets are the same Buffers for the whole run, as in the service: keys are derived once for each.
  const secrets = Array.from({ length: 8 }, (_, i) => secretOf(seed, i));
  const noSecret = secretOf(seed, 99);

  function step(index: number): void {
    random.reseed(seed, index);
    const secret = secrets[random.below(secrets.length)] ?? noSecret;
    const requestAuthenticator = random.bytes(16);
    const generated = generator.packet(random, draft, secret);
    const isSpoiled = random.chance(0.85);
    const isSignedAfter = !isSpoiled || random.chance(0.5);
    if (!isSignedAfter) signDraft(draft, secret, requestAuthenticator);
    if (isSpoiled) mutate(random, draft, another);
    // What a NAS that knows the secret but makes broken packets would send.
    if (isSignedAfter) signDraft(draft, secret, requestAuthenticator);
    // A copy, as a socket hands one out: the packet keeps a view of it.
    const datagram = Buffer.from(draft.bytes.subarray(0, draft.length));
    const found = (kind: string, detail: string): void => tally.found({ kind, detail, index, datagram });
    const input: Input = { index, secret, secrets: [noSecret, secret], requestAuthenticator, generated };

    const started = performance.now();
    let answers: Answers;
    try {
      answers = ask(datagram, input);
    } catch (error) {
      return found('throws', error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
    const ms = performance.now() - started;
    tally.times.record(ms);
    tally.times.confirm(ms <= SLOWEST_MS ? ms : measureAgain(datagram, input, found));
    compare({ datagram, judgement: judge(datagram), answers, input, isSpoiled, tally, found });
  }

  function another(): Draft {
    generator.packet(random, other, noSecret);
    return other;
  }

  /** The first time may have met a garbage collection or another process; a slow packet is slow every time. */
  function measureAgain(datagram: Buffer, input: Input, found: Found): number {
    let best = Infinity;
    for (let i = 0; i < 5; i += 1) {
      const started = performance.now();
      ask(datagram, input);
      best = Math.min(best, performance.now() - started);
    }
    tally.count('packets measured again');
    if (best > SLOWEST_MS) found('slow', `${best.toFixed(2)} ms, best of five`);
    return best;
  }

  return { tally, step };
}

type Found = (kind: string, detail: string) => void;

interface Input {
  readonly index: number;
  readonly secret: Buffer;
  /** As a NAS whose secret is being rotated has them: the one in use is the second. */
  readonly secrets: readonly Buffer[];
  readonly requestAuthenticator: Buffer;
  readonly generated: Generated;
}

function secretOf(seed: number, number: number): Buffer {
  return Buffer.from(hash('sha256', `${seed} ${number}`, 'hex').slice(0, 32));
}

/** Everything the service may do with a datagram. */
function ask(datagram: Buffer, input: Input): Answers {
  const parsed = parsePacket(datagram);
  const answers: Answers = {
    parsed,
    verified: undefined,
    verifiedOptional: undefined,
    password: undefined,
    chapRight: false,
    chapWrong: false,
    reply: undefined,
    replyTooBig: false,
    repliedTo: undefined,
  };
  if (!parsed.ok) return answers;
  const { packet } = parsed;
  read(packet, input.index);
  answers.verified = verifyRequest(packet, input.secrets, { messageAuthenticator: 'required' });
  answers.verifiedOptional = verifyRequest(packet, input.secrets, { messageAuthenticator: 'optional' });
  const hidden = packet.get(ATTR.USER_PASSWORD);
  if (hidden !== undefined) answers.password = revealPassword(hidden, packet.authenticator, input.secret);
  answers.chapRight = verifyChap(packet, input.generated.password ?? OTHER_PASSWORD);
  answers.chapWrong = verifyChap(packet, OTHER_PASSWORD);
  if (authenticatorStyle(packet.code) === undefined) answers.repliedTo = verifyReplyOf(packet, datagram, input);
  else encode(packet, input, answers);
  return answers;
}

/** Every way of looking into a packet, on attributes that are there and on such that are not. */
function read(packet: RadiusPacket, index: number): void {
  for (const type of [ATTR.USER_NAME, ATTR.CALLING_STATION_ID, ATTR.ACCT_SESSION_ID, ATTR.CLASS, 0, 255]) {
    packet.get(type);
    packet.getAll(type);
    packet.only(type);
    packet.text(type);
    packet.has(type);
  }
  for (const type of [ATTR.NAS_PORT, ATTR.ACCT_STATUS_TYPE, ATTR.FRAMED_IP_ADDRESS, ATTR.VENDOR_SPECIFIC]) {
    packet.integer(type);
    packet.ipv4(type);
  }
  packet.octets64(ATTR.ACCT_INPUT_OCTETS, ATTR.ACCT_INPUT_GIGAWORDS);
  packet.octets64(ATTR.ACCT_OUTPUT_OCTETS, ATTR.ACCT_OUTPUT_GIGAWORDS);
  for (const vendor of [MIKROTIK, MICROSOFT, 14122, 9, 0xff_fffe, 0]) packet.vendor(vendor, 8);
  packet.vendor(MICROSOFT, 25);
  if (index % DESCRIBED_EVERY === 0) describeAttributes(packet);
}

function verifyReplyOf(packet: RadiusPacket, datagram: Buffer, input: Input): ReturnType<typeof verifyReply> {
  const code = [CODE.ACCESS_ACCEPT, CODE.ACCESS_REJECT, CODE.ACCESS_CHALLENGE].some((access) => access === packet.code)
    ? CODE.ACCESS_REQUEST
    : packet.code === CODE.ACCOUNTING_RESPONSE
      ? CODE.ACCOUNTING_REQUEST
      : packet.code === CODE.DISCONNECT_ACK || packet.code === CODE.DISCONNECT_NAK
        ? CODE.DISCONNECT_REQUEST
        : CODE.COA_REQUEST;
  const request = { code, identifier: packet.identifier, authenticator: input.requestAuthenticator };
  return verifyReply(datagram, request, input.secret);
}

function encode(packet: RadiusPacket, input: Input, answers: Answers): void {
  const code = replyCodeTo(packet.code);
  try {
    answers.reply = encodeReply(packet, code, code === CODE.ACCESS_ACCEPT ? ACCEPT : NONE, input.secret);
  } catch (error) {
    // The one refusal that is promised: Proxy-States of a packet of 4,096 bytes and our own attributes do not fit.
    if (!(error instanceof RangeError)) throw error;
    answers.replyTooBig = true;
  }
}

function replyCodeTo(code: number): number {
  switch (code) {
    case CODE.ACCOUNTING_REQUEST:
      return CODE.ACCOUNTING_RESPONSE;
    case CODE.DISCONNECT_REQUEST:
      return CODE.DISCONNECT_ACK;
    case CODE.COA_REQUEST:
      return CODE.COA_NAK;
    default:
      return CODE.ACCESS_ACCEPT;
  }
}

interface Comparison {
  readonly datagram: Buffer;
  readonly judgement: Judgement;
  readonly answers: Answers;
  readonly input: Input;
  readonly isSpoiled: boolean;
  readonly tally: Tally;
  readonly found: Found;
}

function compare(comparison: Comparison): void {
  const { judgement, answers, isSpoiled, tally, found } = comparison;
  const { parsed } = answers;
  if (judgement.broken === undefined) tally.count('RFC-valid');
  else tally.count('RFC-invalid');
  if (!isSpoiled && judgement.broken !== undefined) found('generator', `${judgement.broken}: ${judgement.detail}`);
  if (!parsed.ok) {
    tally.count(`refused: ${parsed.reason}`);
    if (judgement.broken !== undefined) return;
    if (STRICTER[parsed.reason] === undefined || !isSpoiled) found('valid-refused', parsed.reason);
    return tally.count(`stricter than the RFCs: ${parsed.reason}`);
  }
  tally.count('well-formed');
  if (judgement.broken !== undefined) return found(`invalid-accepted: ${judgement.broken}`, judgement.detail);
  for (const rule of judgement.lenient)
    tally.count(`let pass by a named rule: ${rule} (${LENIENT[rule].slice(0, 60)}...)`);
  compareContents(comparison, parsed.packet);
  compareTrust(comparison, parsed.packet);
  compareReply(comparison, parsed.packet);
}

/** What the accessors give against the oracle's own list. */
function compareContents({ judgement, answers, input, found }: Comparison, packet: RadiusPacket): void {
  const { attributes, packet: raw } = judgement;
  if (!packet.raw.equals(raw)) found('contents', 'raw is not the packet');
  const byType = new Map<number, Buffer[]>();
  for (const { type, value } of attributes) {
    const values = byType.get(type);
    if (values === undefined) byType.set(type, [value]);
    else values.push(value);
  }
  for (const [type, values] of byType) {
    const first = values[0];
    if (first === undefined) continue;
    if (packet.get(type)?.equals(first) !== true) found('contents', `get(${type})`);
    if (!sameLists(packet.getAll(type), values)) found('contents', `getAll(${type})`);
    const integer = first.length === 4 ? first.readUInt32BE(0) : undefined;
    if (packet.integer(type) !== integer) found('contents', `integer(${type})`);
    const address = first.length === 4 ? [...first].join('.') : undefined;
    if (packet.ipv4(type) !== address) found('contents', `ipv4(${type})`);
  }
  const number = (type: number): bigint => {
    const value = byType.get(type)?.[0];
    return value?.length === 4 ? BigInt(value.readUInt32BE(0)) : 0n;
  };
  if (packet.octets64(42, 52) !== number(42) + (number(52) << 32n)) found('contents', 'octets64(42, 52)');
  const all = [...packet.attributes()];
  const expected = unfolded(attributes);
  const same =
    all.length === expected.length &&
    expected.every((want, at) => {
      const got = all[at];
      return got !== undefined && got.type === want.type && got.vendor === want.vendor && got.value.equals(want.value);
    });
  if (!same) found('contents', 'attributes()');
  for (const { vendor, type } of expected) {
    if (vendor === undefined) continue;
    const first = expected.find((candidate) => candidate.vendor === vendor && candidate.type === type);
    if (first !== undefined && packet.vendor(vendor, type)?.equals(first.value) !== true)
      found('contents', `vendor(${vendor}, ${type})`);
  }
  const { generated } = input;
  if (answers.chapWrong && generated.password?.equals(OTHER_PASSWORD) !== true) found('chap', 'a wrong password fits');
}

function sameLists(left: readonly Buffer[], right: readonly Buffer[]): boolean {
  return left.length === right.length && left.every((value, at) => right[at]?.equals(value) === true);
}

/** Who is believed: nobody whom the oracle does not believe, and everybody who signed rightly. */
function compareTrust({ judgement, answers, input, isSpoiled, tally, found }: Comparison, packet: RadiusPacket): void {
  const { packet: raw, attributes } = judgement;
  const types = new Set(attributes.map(({ type }) => type));
  const isRequest = authenticatorStyle(packet.code) !== undefined;
  const proven = isAuthenticRequest(raw, types, input.secret, { signatureRequired: true });
  for (const [verified, signatureRequired] of [
    [answers.verified, true],
    [answers.verifiedOptional, false],
  ] as const) {
    const should = proven || isAuthenticRequest(raw, types, input.secret, { signatureRequired });
    if (verified?.ok === true && !should) found('forged-accepted', `signature required: ${signatureRequired}`);
    if (verified?.ok === false && should)
      found('authentic-refused', `${verified.reason}, signature required: ${signatureRequired}`);
    if (verified?.ok === true && !isUnsigned(types, packet) && !verified.secret.equals(input.secret))
      found('secret', 'another secret is named');
    if (verified?.ok === true) tally.count('trusted');
  }
  if (!isRequest) {
    const should = isAuthenticReply(raw, input.secret, input.requestAuthenticator);
    const { repliedTo } = answers;
    if (repliedTo?.ok === true && !should) found('forged-accepted', 'reply');
    if (repliedTo?.ok === false && should) found('authentic-refused', `reply: ${repliedTo.reason}`);
    if (repliedTo?.ok === true) tally.count('replies trusted');
  }
  if (isSpoiled || input.generated.password === undefined) return;
  const { password } = input.generated;
  if (types.has(2) && answers.password?.equals(password) !== true) found('password', 'does not come back');
  if (types.has(3) && !answers.chapRight) found('chap', 'the right password does not fit');
}

function isUnsigned(types: ReadonlySet<number>, packet: RadiusPacket): boolean {
  return packet.code === CODE.ACCESS_REQUEST && !types.has(80);
}

/** The reply by the oracle: well-formed, rightly signed, Message-Authenticator first, Proxy-States copied in order. */
function compareReply({ judgement, answers, input, tally, found }: Comparison, packet: RadiusPacket): void {
  const { reply } = answers;
  const proxyStates = judgement.attributes.filter(({ type }) => type === 33).map(({ value }) => value);
  if (answers.replyTooBig) {
    const size = proxyStates.reduce((sum, value) => sum + 2 + value.length, 20);
    if (size + 18 + 6 + 10 + 15 <= 4096) found('reply', `refused at ${size} bytes of Proxy-State`);
    return tally.count('replies that would pass 4,096 bytes');
  }
  if (reply === undefined) return;
  tally.count('replies made');
  const access = reply[0] === 2;
  if (access && !(reply[20] === 80 && reply[21] === 18)) found('reply', 'Message-Authenticator is not first');
  if (!isAuthenticReply(reply, input.secret, Buffer.from(packet.authenticator)))
    found('reply', 'is not rightly signed');
  const states: Buffer[] = [];
  let at = 20;
  for (; at + 2 <= reply.length; at += reply[at + 1] ?? 255) {
    if (reply[at] === 33) states.push(reply.subarray(at + 2, at + (reply[at + 1] ?? 2)));
    if ((reply[at + 1] ?? 0) < 2) break;
  }
  if (at !== reply.length || reply.readUInt16BE(2) !== reply.length) found('reply', 'cannot be walked');
  if (!sameLists(states, proxyStates)) found('reply', "Proxy-States are not the request's");
}
