import type {
  OnRepeat,
  PackageView,
  SoldTerms,
  ValidFrom,
  Visibility,
  packageBody,
} from '@turnpike/contracts/packages.js';
import type { z } from 'zod';

/** What stands in a field for a number: text while it is being typed. */
export type Figure = number | string;

export const timeUnits = ['minutes', 'hours', 'days'] as const;
export type TimeUnit = (typeof timeUnits)[number];
const UNIT_SECONDS: Readonly<Record<TimeUnit, number>> = { minutes: 60, hours: 3_600, days: 86_400 };

export const sizeUnits = ['MB', 'GB'] as const;
export type SizeUnit = (typeof sizeUnits)[number];
const UNIT_OCTETS: Readonly<Record<SizeUnit, number>> = { MB: 1_000_000, GB: 1_000_000_000 };

export interface BurstDraft {
  readonly down: Figure;
  readonly up: Figure;
  readonly thresholdDown: Figure;
  readonly thresholdUp: Figure;
  readonly seconds: Figure;
}

export interface StepDraft {
  readonly afterGb: Figure;
  readonly down: Figure;
  readonly up: Figure;
}

export interface WindowDraft {
  readonly days: readonly number[];
  readonly from: string;
  readonly to: string;
}

/** A package as the form has it: rates in Mbit/s, times and sizes in units people use. */
export interface PackageDraft {
  readonly name: string;
  readonly type: 'hotspot' | 'pppoe';
  readonly priceMinor: number | undefined;
  readonly currency: string;
  readonly validFor: Figure;
  readonly validUnit: TimeUnit;
  readonly validFrom: ValidFrom;
  readonly online: Figure;
  readonly onlineUnit: TimeUnit;
  readonly quota: Figure;
  readonly quotaUnit: SizeUnit;
  readonly down: Figure;
  readonly up: Figure;
  readonly burst: BurstDraft | null;
  readonly steps: readonly StepDraft[];
  readonly devices: Figure;
  /** Empty: always. */
  readonly windows: readonly WindowDraft[];
  readonly timeZone: string;
  readonly sites: readonly string[];
  readonly routerIds: readonly string[];
  readonly macLogin: boolean;
  readonly onRepeat: OnRepeat;
  readonly visibility: Visibility;
  readonly description: string;
}

export type PackageInput = z.input<typeof packageBody>;

export const newDraft: PackageDraft = {
  name: '',
  type: 'hotspot',
  priceMinor: undefined,
  currency: 'KES',
  validFor: 1,
  validUnit: 'hours',
  validFrom: 'purchase',
  online: '',
  onlineUnit: 'hours',
  quota: '',
  quotaUnit: 'GB',
  down: 5,
  up: 2,
  burst: null,
  steps: [],
  devices: 1,
  windows: [],
  timeZone: 'Africa/Nairobi',
  sites: [],
  routerIds: [],
  macLogin: false,
  onRepeat: 'extend',
  visibility: 'public',
  description: '',
};

export const newBurst: BurstDraft = { down: 10, up: 4, thresholdDown: 4, thresholdUp: 1, seconds: 10 };
export const newStep: StepDraft = { afterGb: '', down: 1, up: 1 };
export const newWindow: WindowDraft = { days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00' };

export function draftOf(view: PackageView): PackageDraft {
  const [validFor, validUnit] = timeOf(view.validForSeconds);
  const [online, onlineUnit] = view.onlineSeconds === null ? ['', 'hours' as const] : timeOf(view.onlineSeconds);
  const [quota, quotaUnit] = view.quotaOctets === null ? ['', 'GB' as const] : sizeOf(view.quotaOctets);
  const { burst } = view;
  return {
    name: view.name,
    type: view.type,
    priceMinor: view.priceMinor,
    currency: view.currency,
    validFor,
    validUnit,
    validFrom: view.validFrom,
    online,
    onlineUnit,
    quota,
    quotaUnit,
    down: view.downKbps / 1_000,
    up: view.upKbps / 1_000,
    burst:
      burst === null
        ? null
        : {
            down: burst.downKbps / 1_000,
            up: burst.upKbps / 1_000,
            thresholdDown: burst.thresholdDownKbps / 1_000,
            thresholdUp: burst.thresholdUpKbps / 1_000,
            seconds: burst.seconds,
          },
    steps: (view.fairUse ?? []).map(({ afterOctets, downKbps, upKbps }) => ({
      afterGb: Number(afterOctets) / UNIT_OCTETS.GB,
      down: downKbps / 1_000,
      up: upKbps / 1_000,
    })),
    devices: view.devices,
    windows: view.schedule ?? [],
    timeZone: view.timeZone,
    sites: view.sites,
    routerIds: view.routerIds,
    macLogin: view.macLogin,
    onRepeat: view.onRepeat,
    visibility: view.visibility,
    description: view.description,
  };
}

/** For the API, which says what is wrong with it: what is not filled in becomes 0 there. */
export function bodyOf(draft: PackageDraft): PackageInput {
  const { burst } = draft;
  return {
    name: draft.name,
    type: draft.type,
    priceMinor: draft.priceMinor ?? 0,
    currency: draft.currency,
    validForSeconds: secondsOf(draft.validFor, draft.validUnit),
    validFrom: draft.validFrom,
    onlineSeconds: draft.online === '' ? null : secondsOf(draft.online, draft.onlineUnit),
    quotaOctets: draft.quota === '' ? null : octetsOf(draft.quota, draft.quotaUnit),
    downKbps: kbpsOf(draft.down),
    upKbps: kbpsOf(draft.up),
    burst:
      burst === null
        ? null
        : {
            downKbps: kbpsOf(burst.down),
            upKbps: kbpsOf(burst.up),
            thresholdDownKbps: kbpsOf(burst.thresholdDown),
            thresholdUpKbps: kbpsOf(burst.thresholdUp),
            seconds: Math.round(numberOf(burst.seconds)),
          },
    fairUse:
      draft.steps.length === 0
        ? null
        : draft.steps.map(({ afterGb, down, up }) => ({
            afterOctets: octetsOf(afterGb, 'GB'),
            downKbps: kbpsOf(down),
            upKbps: kbpsOf(up),
          })),
    devices: Math.round(numberOf(draft.devices)),
    schedule:
      draft.windows.length === 0
        ? null
        : draft.windows.map(({ days, from, to }) => ({ days: [...days].sort((a, b) => a - b), from, to })),
    timeZone: draft.timeZone,
    sites: [...draft.sites],
    routerIds: [...draft.routerIds],
    macLogin: draft.macLogin,
    onRepeat: draft.onRepeat,
    visibility: draft.visibility,
    description: draft.description,
  };
}

/** The same as terms, for telling them in words while they are typed. */
export function termsOfDraft(draft: PackageDraft): SoldTerms & { validForSeconds: number; validFrom: ValidFrom } {
  const body = bodyOf(draft);
  const windows = draft.windows.map(({ days, from, to }) => ({ days: [...days], from, to }));
  return {
    type: draft.type,
    downKbps: body.downKbps,
    upKbps: body.upKbps,
    quotaOctets: body.quotaOctets === null || body.quotaOctets === undefined ? null : String(body.quotaOctets),
    devices: body.devices ?? 1,
    onlineSeconds: body.onlineSeconds ?? null,
    schedule: windows.length === 0 ? null : windows,
    timeZone: draft.timeZone,
    fairUse: body.fairUse?.map((step) => ({ ...step, afterOctets: String(step.afterOctets) })) ?? null,
    sites: [...draft.sites],
    routerIds: [...draft.routerIds],
    macLogin: draft.macLogin,
    burst: body.burst ?? null,
    validForSeconds: body.validForSeconds,
    validFrom: draft.validFrom,
  };
}

function numberOf(figure: Figure): number {
  const value = typeof figure === 'number' ? figure : Number(figure.replaceAll(',', ''));
  return Number.isFinite(value) ? value : 0;
}

function kbpsOf(mbps: Figure): number {
  return Math.round(numberOf(mbps) * 1_000);
}

function secondsOf(amount: Figure, unit: TimeUnit): number {
  return Math.round(numberOf(amount) * UNIT_SECONDS[unit]);
}

/** As digits, because JSON numbers lose bytes of large ones. */
function octetsOf(amount: Figure, unit: SizeUnit): string {
  return BigInt(Math.round(numberOf(amount) * UNIT_OCTETS[unit])).toString();
}

/** The largest unit that gives a whole number; minutes, with a fraction if need be, otherwise. */
function timeOf(seconds: number): readonly [number, TimeUnit] {
  for (const unit of [...timeUnits].reverse()) {
    if (seconds % UNIT_SECONDS[unit] === 0) return [seconds / UNIT_SECONDS[unit], unit];
  }
  return [seconds / UNIT_SECONDS.minutes, 'minutes'];
}

function sizeOf(octets: string): readonly [number, SizeUnit] {
  const amount = Number(octets);
  return amount >= UNIT_OCTETS.GB ? [amount / UNIT_OCTETS.GB, 'GB'] : [amount / UNIT_OCTETS.MB, 'MB'];
}
