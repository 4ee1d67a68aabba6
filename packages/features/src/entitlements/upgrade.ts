import type { Offer } from '../packages/offer.js';
import type { PackagePrice } from '../packages/package-price.js';
import { leftOf, type EntitlementFacts } from './left.js';

/** 68 years: what the column holds. */
export const MOST_SECONDS = 2 ** 31 - 1;

/**
 * Seconds of the new package that what is left of the old one is worth. Of the time left, only the part counts that its data
 * and its time online last for: with half the time but a tenth of the data left, a tenth is left. That part is worth what it
 * costs at the old package's price, and buys time at the new one's; where prices cannot be compared (the new one is free, or
 * in another currency) a second is a second. In whole numbers, rounded down.
 */
export function carriedOverSeconds(
  old: { readonly entitlement: EntitlementFacts; readonly price: PackagePrice },
  offer: Pick<Offer, 'priceMinor' | 'currency' | 'validForSeconds'>,
  now: Date,
): bigint {
  const seconds = worthSeconds(old.entitlement, now);
  const { priceMinor, currency, validForSeconds } = old.price;
  if (offer.priceMinor === 0 || offer.currency !== currency) return seconds;
  return (
    (seconds * BigInt(priceMinor) * BigInt(offer.validForSeconds)) /
    (BigInt(validForSeconds) * BigInt(offer.priceMinor))
  );
}

function worthSeconds(entitlement: EntitlementFacts, now: Date): bigint {
  const { startsAt, endsAt, quotaOctets, onlineSeconds } = entitlement;
  const left = leftOf(entitlement, { devicesOnline: 0 }, now);
  const whole = BigInt(Math.floor((endsAt.getTime() - startsAt.getTime()) / 1000));
  const byTime = BigInt(left.seconds);
  const byData = partOf(whole, left.octets, quotaOctets);
  const byOnline = partOf(whole, left.onlineSeconds === null ? null : BigInt(left.onlineSeconds), onlineSeconds);
  return [byData, byOnline].reduce<bigint>((least, part) => (part !== null && part < least ? part : least), byTime);
}

function partOf(whole: bigint, left: bigint | null, limit: bigint | null): bigint | null {
  return left === null || limit === null || limit === 0n ? null : (whole * left) / limit;
}
