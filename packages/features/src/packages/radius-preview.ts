import type { RadiusPreview, RadiusPreviewLine } from '@turnpike/contracts/packages.js';
import { rateAt, type BurstRate } from '@turnpike/core/fair-use.js';
import { ATTR, MIKROTIK, VENDOR, type Attribute } from '@turnpike/radius/attributes.js';
import { loadDictionary } from '@turnpike/radius/dictionary.js';
import { scheduleWords } from '../access/access-words.js';
import { acceptAnswer, rateLimit, type ReplyPolicy } from '../access/access-reply.js';
import type { SnapshotEntitlement } from '../access/subject-snapshot.js';
import type { PackageRow } from './package.store.js';
import { termsOf } from './sold-terms.js';
import { durationWords, octetWords, rateWords } from './term-words.js';

export type PreviewPolicy = Pick<ReplyPolicy, 'interimSeconds' | 'idleSeconds'>;

/** As RADIUS has it unless it is configured. */
const USUAL_POLICY: PreviewPolicy = { interimSeconds: 60, idleSeconds: 600 };
const RATE_LIMIT = 'Mikrotik-Rate-Limit';

/** The Accept of somebody who has just bought the package, made by the very code that answers routers. */
export function radiusPreview(row: PackageRow, policy: PreviewPolicy = USUAL_POLICY): RadiusPreview {
  const terms = termsOf(row);
  const { attributes = [] } = acceptAnswer({
    decision: {
      entitlement: entitlementOf(row),
      usage: { usedOctets: 0n, usedSeconds: 0 },
      secondsLeft: Math.min(row.validForSeconds, terms.onlineSeconds ?? Infinity),
      fairUseStep: 0,
    },
    classToken: Buffer.from('0'),
    proof: [],
    policy: { ...policy, rejectDelayMs: 0 },
  });
  const explain = explainer(row, rateAt(terms, 0));
  return {
    attributes: attributes.flatMap((attribute) => explain(attribute) ?? []),
    fairUse: (terms.fairUse ?? []).map(({ afterOctets }, index) => {
      const rate = rateAt(terms, index + 1);
      const words = `after ${octetWords(BigInt(afterOctets))}: ${rateWords(rate)}, changed without a disconnect`;
      return { afterOctets, name: RATE_LIMIT, value: rateLimit(rate), words };
    }),
    conditions: conditionsOf(row),
  };
}

function entitlementOf(row: PackageRow): SnapshotEntitlement {
  return {
    ...termsOf(row),
    id: row.id,
    state: 'active',
    startsAt: 0,
    endsAt: row.validForSeconds * 1000,
    usedOctets: '0',
    usedSeconds: 0,
    validForSeconds: row.validFrom === 'first_login' ? row.validForSeconds : null,
    traceparent: null,
  };
}

/** One line for each attribute; none for the upper half of a 64-bit limit, which the line of the lower one tells too. */
function explainer(row: PackageRow, rate: BurstRate) {
  const dictionary = loadDictionary();
  return (attribute: Attribute): RadiusPreviewLine | undefined => {
    const { type, vendor } = attribute;
    const name = dictionary.nameOf(type, vendor);
    const value = dictionary.print(attribute);
    if (vendor === VENDOR.MIKROTIK) return explainMikrotik({ type, name, value, row, rate });
    const seconds = type === ATTR.CLASS ? 0 : attribute.value.readUInt32BE(0);
    switch (type) {
      case ATTR.SESSION_TIMEOUT:
        return { name, value, words: `the router ends the session after ${durationWords(seconds)}` };
      case ATTR.IDLE_TIMEOUT:
        return { name, value, words: `and after ${durationWords(seconds)} without traffic` };
      case ATTR.ACCT_INTERIM_INTERVAL:
        return { name, value, words: `the router reports usage every ${durationWords(seconds)}` };
      case ATTR.PORT_LIMIT:
        return { name, value, words: `${value} ${seconds === 1 ? 'device' : 'devices'} at once` };
      case ATTR.CLASS:
        return { name, value: '(made at each login)', words: 'marks the session, so that its usage is booked right' };
      default:
        return { name, value, words: '' };
    }
  };
}

interface MikrotikLine {
  readonly type: number;
  readonly name: string;
  readonly value: string;
  readonly row: PackageRow;
  readonly rate: BurstRate;
}

function explainMikrotik({ type, name, value, row, rate }: MikrotikLine): RadiusPreviewLine | undefined {
  if (type === MIKROTIK.RATE_LIMIT) return { name, value, words: rateWords(rate) };
  if (type === MIKROTIK.TOTAL_LIMIT_GIGAWORDS) {
    return { name, value, words: 'the part of the data limit above 4 GiB, in units of 4 GiB' };
  }
  if (type !== MIKROTIK.TOTAL_LIMIT) return { name, value, words: '' };
  const cap = octetWords(row.quotaOctets ?? 0n);
  return {
    name,
    value,
    words: `with its Gigawords: the router ends the session after ${cap}, both directions together`,
  };
}

/** What decides who is let in, where and when, and is no attribute. */
function conditionsOf(row: PackageRow): string[] {
  const { schedule, timeZone, sites, routerIds, macLogin, type, onlineSeconds } = termsOf(row);
  const service = type === 'pppoe' ? 'PPPoE' : 'HotSpot';
  const places = [
    ...sites.map((site) => `site ${site}`),
    ...(routerIds.length === 0 ? [] : [`${routerIds.length} named ${routerIds.length === 1 ? 'router' : 'routers'}`]),
  ];
  return [
    `only for ${service} logins`,
    ...(row.validFrom === 'first_login' ? ['its time begins with the first login'] : []),
    ...(onlineSeconds === null ? [] : [`${durationWords(onlineSeconds)} online at most, summed over all sessions`]),
    ...(schedule === null
      ? []
      : [`only ${scheduleWords(schedule)} (${timeZone}); the Session-Timeout ends with the hours`]),
    ...(places.length === 0 ? [] : [`only at ${places.join(', ')}`]),
    ...(macLogin ? ['known devices are let in by their MAC address alone'] : []),
  ];
}
