import { secondsUntilClosed } from '@turnpike/core/schedule.js';
import type { Attribute } from '@turnpike/radius/attributes.js';
import { MOST_SESSION_SECONDS, mikrotikTotalLimitAttrs, sessionTimeoutAttr } from '@turnpike/radius/value-codec.js';
import type { SessionLimits } from './session-limits.store.js';

/** Practically none: 0 would be read as no change by some and as no limit by others. */
const NO_DATA_LIMIT = 2n ** 63n - 1n;

/**
 * What a CoA-Request says so that a session goes on to the ends its entitlement has now. Undefined when nothing is left of it.
 *
 * RouterOS counts both from the beginning of the session (manual, HotSpot: session-timeout is a limit on uptime, the limits on
 * bytes are of the session), so what this session has had already is added to what is left. A NAS that counts the time from
 * the order instead lets it run longer than is right, and then the sweep ends it in time: neither drops anybody early.
 *
 * A NAS that refuses (CoA-NAK) or knows no CoA for these ends the session where it was first told to. The customer is let in
 * again at once, by the MAC cookie or the address alone, with the new ends: a second's interruption, nothing lost.
 *
 * The rate is left out: what is bought more of keeps its rates, and one that an operator chose for the session stays.
 */
export function limitAttributes(limits: SessionLimits, now: Date): Attribute[] | undefined {
  const { state, endsAt, schedule, timeZone, startedAt, quotaOctets, usedOctets, sessionOctets } = limits;
  if (state !== 'active' || endsAt <= now) return undefined;
  const ranSeconds = Math.max(0, Math.floor((now.getTime() - startedAt.getTime()) / 1000));
  const untilClosed = secondsUntilClosed(schedule, timeZone, now) ?? Infinity;
  const seconds = Math.min(
    Math.floor((endsAt.getTime() - startedAt.getTime()) / 1000),
    onlineEnd(limits),
    ranSeconds + untilClosed,
    MOST_SESSION_SECONDS,
  );
  const octets = quotaOctets === null ? NO_DATA_LIMIT : sessionOctets + quotaOctets - usedOctets;
  if (seconds <= ranSeconds || octets <= sessionOctets) return undefined;
  return [sessionTimeoutAttr(seconds), ...mikrotikTotalLimitAttrs(octets)];
}

/** When the time online is used up, in seconds of this session. */
function onlineEnd({ onlineSeconds, usedSeconds, sessionSeconds }: SessionLimits): number {
  return onlineSeconds === null ? Infinity : sessionSeconds + Number(onlineSeconds - usedSeconds);
}
