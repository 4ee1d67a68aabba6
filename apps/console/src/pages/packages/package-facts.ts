import type { PackageView } from '@turnpike/contracts/packages.js';
import { rateText } from '../../kit/figures.js';
import type { soldTermsWords } from '../../kit/sold-terms-words.js';
import { sizeText, timeText } from '../../kit/sold-terms.js';
import { WEEKDAYS } from '../../kit/weekdays.js';
import type { SayOf } from '../../words/say-of.js';
import type { packagesWords } from './packages-words.js';

type Say = SayOf<typeof packagesWords>;
type SayTerms = SayOf<typeof soldTermsWords>;

/** `Mon Tue 08:00-18:00; Sun 10:00-12:00 (Africa/Nairobi)` */
export function hoursText({ schedule, timeZone }: PackageView, t: Say): string {
  if (schedule === null) return t('always');
  const windows = schedule.map(({ days, from, to }) => {
    const names = days.flatMap((day) => {
      const key = WEEKDAYS[day - 1];
      return key === undefined ? [] : [t(key)];
    });
    return `${names.join(' ')} ${from}–${to}`;
  });
  return `${windows.join('; ')} (${timeZone})`;
}

export function burstText({ burst }: PackageView, t: Say): string {
  if (burst === null) return t('none_');
  return t('averageOver', {
    down: rateText(burst.downKbps),
    up: rateText(burst.upKbps),
    seconds: burst.seconds,
    below: `${rateText(burst.thresholdDownKbps)} / ${rateText(burst.thresholdUpKbps)}`,
  });
}

export function fairUseText({ fairUse }: PackageView, t: Say): string {
  if (fairUse === null) return t('none_');
  return fairUse
    .map(({ afterOctets, downKbps, upKbps }) =>
      t('stepText', { size: sizeText(afterOctets), down: rateText(downKbps), up: rateText(upKbps) }),
    )
    .join('; ');
}

export function placesText({ sites, routerIds }: PackageView, t: Say): string {
  if (sites.length + routerIds.length === 0) return t('everywhere');
  return [...sites, ...(routerIds.length === 0 ? [] : [t('routersCount', { count: routerIds.length })])].join(', ');
}

export function validityText({ validForSeconds, validFrom }: PackageView, terms: SayTerms): string {
  const time = timeText(validForSeconds, terms);
  return validFrom === 'first_login' ? terms('fromFirstLogin', { time }) : time;
}
