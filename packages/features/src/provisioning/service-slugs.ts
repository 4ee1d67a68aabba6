import type { HotspotService, PppoeService, ServiceConfig } from '@turnpike/contracts/provisioning.js';

export interface SluggedHotspot {
  readonly slug: string;
  readonly service: HotspotService;
}

export interface SluggedPppoe {
  readonly slug: string;
  readonly service: PppoeService;
}

/** Services of each kind are numbered as they come: `hotspot1`, `hotspot2`, `pppoe1`. */
export function sluggedServices(services: readonly ServiceConfig[]): {
  hotspots: readonly SluggedHotspot[];
  pppoes: readonly SluggedPppoe[];
} {
  const hotspots: SluggedHotspot[] = [];
  const pppoes: SluggedPppoe[] = [];
  for (const service of services) {
    if (service.type === 'hotspot') hotspots.push({ slug: `hotspot${hotspots.length + 1}`, service });
    else pppoes.push({ slug: `pppoe${pppoes.length + 1}`, service });
  }
  return { hotspots, pppoes };
}
