import { inLanes } from './in-lanes.js';

/** What became of asking for access with what each payer was told. */
export interface OnlineCheck {
  /** Phones that paid. */
  readonly paid: number;
  /** Of these: who sent an Access-Request with the credentials of their purchase. */
  readonly asked: number;
  readonly accepted: number;
}

interface Sources {
  /** Phones that paid. */
  readonly payers: readonly string[];
  /** Undefined: this phone was told no credentials. */
  readonly credentialsOf: (msisdn: string) => Promise<Credentials | undefined>;
  readonly isAccepted: (msisdn: string, credentials: Credentials) => Promise<boolean>;
  /** Between the first round and the second, which asks for whom the first did not get in. */
  readonly pause: () => Promise<void>;
}

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

const LANES = 16;
const ROUNDS = 3;

/** Lets everybody who paid log in, as their phones would: again when they did not get in. */
export async function checkOnline({ payers, credentialsOf, isAccepted, pause }: Sources): Promise<OnlineCheck> {
  let missing = payers;
  const asked = new Set<string>();
  const online = new Set<string>();
  for (let round = 1; round <= ROUNDS && missing.length > 0; round += 1) {
    if (round > 1) await pause();
    await inLanes(missing, LANES, async (msisdn) => {
      const credentials = await credentialsOf(msisdn).catch(() => undefined);
      if (credentials === undefined) return;
      asked.add(msisdn);
      if (await isAccepted(msisdn, credentials)) online.add(msisdn);
    });
    missing = missing.filter((msisdn) => !online.has(msisdn));
  }
  return { paid: payers.length, asked: asked.size, accepted: online.size };
}
