import type { Language } from '@turnpike/contracts/languages.js';
import type { ReportPeriod, ReportScheduleView } from '@turnpike/contracts/report-schedules.js';

/** What a schedule is filled in with; the addresses as they are typed. */
export interface ScheduleDraft {
  readonly every: ReportPeriod;
  readonly atHour: number;
  readonly recipients: string;
  readonly language: Language;
}

const USUAL_HOUR = 7;

export function newDraft(email: string, language: Language): ScheduleDraft {
  return { every: 'week', atHour: USUAL_HOUR, recipients: email, language };
}

export function draftOf({ every, atHour, recipients, language }: ReportScheduleView): ScheduleDraft {
  return { every, atHour, recipients: recipients.join(', '), language };
}

/** Addresses between commas, semicolons, spaces or lines, each once. */
export function addressesOf(text: string): string[] {
  const known = new Map(text.split(/[\s,;]+/).flatMap((one) => (one === '' ? [] : [[one.toLowerCase(), one]])));
  return [...known.values()];
}

export function bodyOf({ every, atHour, recipients, language }: ScheduleDraft) {
  return { every, atHour, recipients: addressesOf(recipients), language };
}
