import { createForgedCampaign } from './forged-campaign.js';
import { createRadiusCampaign } from './radius-campaign.js';

const SEED = 20_26;

describe('hostile packets', () => {
  test('R4: of 10,000 valid and spoiled packets none makes the codec throw, accept what is invalid or misread a value', () => {
    const campaign = createRadiusCampaign(SEED);
    for (let index = 0; index < 10_000; index += 1) campaign.step(index);
    const { tally } = campaign;
    expect(tally.findings.map(({ kind, detail, index }) => ({ kind, detail, index }))).toEqual([]);
    expect(tally.counts.get('RFC-invalid')).toBeGreaterThan(2_500);
    expect(tally.counts.get('RFC-valid')).toBeGreaterThan(2_500);
    expect(tally.counts.get('trusted')).toBeGreaterThan(1_000);
  }, 120_000);

  test('R5: of 20,000 forged proofs and every single-bit flip of signed packets of every code none is believed', () => {
    const campaign = createForgedCampaign(SEED);
    for (let index = 0; index < 20_000; index += 1) campaign.step(index);
    const { tally } = campaign;
    expect(tally.findings).toEqual([]);
    expect(tally.counts.get('single-bit flips')).toBeGreaterThan(2_500);
    expect(tally.counts.get('genuine ones between')).toBe(200);
  }, 120_000);
});
