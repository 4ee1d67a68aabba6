import { packageBody, type PackageView } from '@turnpike/contracts/packages.js';
import {
  bodyOf,
  draftOf,
  newBurst,
  newDraft,
  newStep,
  newWindow,
  termsOfDraft,
  type PackageDraft,
} from './package-draft.js';

const filled: PackageDraft = {
  ...newDraft,
  name: 'Day',
  priceMinor: 5_000,
  validFor: 1,
  validUnit: 'days',
  online: 90,
  onlineUnit: 'minutes',
  quota: 1.5,
  quotaUnit: 'GB',
  burst: newBurst,
  steps: [{ ...newStep, afterGb: 1, down: 0.512, up: 0.256 }],
  windows: [{ ...newWindow, days: [3, 1] }],
  sites: ['Kibera'],
};

describe('the form of a package', () => {
  test('gives what the API takes, in its units', () => {
    const body = packageBody.parse(bodyOf(filled));
    expect(body).toMatchObject({
      priceMinor: 5_000,
      validForSeconds: 86_400,
      onlineSeconds: 5_400,
      quotaOctets: '1500000000',
      downKbps: 5_000,
      fairUse: [{ afterOctets: '1000000000', downKbps: 512, upKbps: 256 }],
      schedule: [{ days: [1, 3], from: '08:00', to: '18:00' }],
      burst: { downKbps: 10_000, thresholdUpKbps: 1_000, seconds: 10 },
    });
  });

  test('leaves terms out that are not filled in', () => {
    const body = packageBody.parse(bodyOf({ ...newDraft, name: 'Hour', priceMinor: 1_000 }));
    expect(body).toMatchObject({ onlineSeconds: null, quotaOctets: null, burst: null, fairUse: null, schedule: null });
  });

  test('shows a stored package in units that keep it exact, and gives the same back', () => {
    const view: PackageView = {
      ...termsOfDraft(filled),
      id: '019ab0c4-53aa-7d60-8c4e-000000000001',
      name: 'Day',
      priceMinor: 5_000,
      currency: 'KES',
      validForSeconds: 5_400,
      validFrom: 'first_login',
      onRepeat: 'queue',
      visibility: 'agents',
      description: '',
      active: true,
      archivedAt: null,
      createdAt: '2026-11-23T00:00:00Z',
    };
    const draft = draftOf(view);
    expect(draft).toMatchObject({ validFor: 90, validUnit: 'minutes', quota: 1.5, quotaUnit: 'GB' });
    expect(bodyOf(draft)).toMatchObject({ validForSeconds: 5_400, quotaOctets: '1500000000', onRepeat: 'queue' });
  });

  test('lets the API refuse what is no number, rather than sending something else', () => {
    const parsed = packageBody.safeParse(bodyOf({ ...newDraft, name: 'Hour', validFor: '' }));
    expect(parsed.error?.issues.map(({ path }) => path.join('.'))).toEqual(['validForSeconds']);
  });
});
