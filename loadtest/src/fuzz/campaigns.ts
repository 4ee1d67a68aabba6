import type { Campaign } from './campaign.js';
import { createForgedCampaign } from './forged-campaign.js';
import { createRadiusCampaign } from './radius-campaign.js';

export const CAMPAIGNS = {
  radius: createRadiusCampaign,
  forged: createForgedCampaign,
} satisfies Readonly<Record<string, (seed: number) => Campaign>>;

export type CampaignName = keyof typeof CAMPAIGNS;

/** A thread's share of a campaign: trials `first`, `first + of`, ... below `end`, until `seconds` have passed. */
export interface Work {
  readonly name: CampaignName;
  readonly seed: number;
  readonly first: number;
  readonly of: number;
  readonly end: number;
  readonly seconds: number | undefined;
  /** One number: the trial the thread is at, for the one who finds it dead or stuck. */
  readonly at: SharedArrayBuffer;
}

export function isCampaignName(name: string): name is CampaignName {
  return Object.hasOwn(CAMPAIGNS, name);
}

export function isWork(data: unknown): data is Work {
  return (
    typeof data === 'object' &&
    data !== null &&
    'name' in data &&
    typeof data.name === 'string' &&
    isCampaignName(data.name)
  );
}
