import type { SoldTerms } from '@turnpike/contracts/packages.js';

/** For tests: a package without anything special. */
export const plainTerms: SoldTerms = {
  type: 'hotspot',
  downKbps: 5_000,
  upKbps: 1_000,
  quotaOctets: null,
  devices: 1,
  onlineSeconds: null,
  schedule: null,
  timeZone: 'Africa/Nairobi',
  fairUse: null,
  sites: [],
  routerIds: [],
  macLogin: false,
  burst: null,
};
