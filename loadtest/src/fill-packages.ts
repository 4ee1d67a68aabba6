import { z } from 'zod';
import { api, type Instance } from './instance.js';

const listed = z.object({ items: z.array(z.unknown()) });

/** Makes packages until the list has so many, at most the 50 of its first page. */
export async function fillPackages(instance: Instance, count: number): Promise<void> {
  const { items } = listed.parse(await api(instance, 'GET', '/packages'));
  for (let number = items.length; number < count; number += 1) {
    await api(instance, 'POST', '/packages', {
      name: `Load test ${number}`,
      type: 'hotspot',
      priceMinor: 5_000 + number,
      currency: 'KES',
      validForSeconds: 86_400,
      downKbps: 5_120,
      upKbps: 1_024,
    });
  }
}
