import { type HttpServer, startHttpServer } from '../http/http-server.js';
import { realTime, type SimTime } from '../router/sim-time.js';
import { seededChance } from '../seeded-chance.js';
import { type AccessTokens, type AppCredentials, createAccessTokens } from './access-tokens.js';
import { type ApiFaults, NO_FAULTS } from './api-faults.js';
import { type CallbackSender, createCallbackSender } from './callback-sender.js';
import { darajaApi } from './daraja-api.js';
import { createPaybill, type Paybill } from './paybill.js';
import { createPayerRules, type PayerRules } from './payer-rules.js';
import { createPushBook, type PushBook } from './push-book.js';
import type { ShortcodeCredentials } from './push-request.js';

export interface DarajaOptions extends AppCredentials, ShortcodeCredentials {
  /** 0 takes a free one. */
  readonly port: number;
  readonly seed: number;
  /** Steerable in tests. */
  readonly time?: SimTime;
}

/** A stand-in for Safaricom's Daraja API with the phones behind it. Nothing is kept when it stops. */
export interface Daraja {
  readonly url: string;
  readonly options: DarajaOptions;
  readonly rules: PayerRules;
  readonly book: PushBook;
  readonly paybill: Paybill;
  readonly sender: CallbackSender;
  readonly tokens: AccessTokens;
  faults: ApiFaults;
  /** Back to how it was at the start, and everything that was paid forgotten. */
  reset(): void;
  stop(): Promise<void>;
}

export async function startDaraja(options: DarajaOptions): Promise<Daraja> {
  const { port, seed, time = realTime() } = options;
  const state = { faults: NO_FAULTS, drawn: 0 };
  const rules = createPayerRules();
  const book = createPushBook({ seed, time });
  const sender = createCallbackSender(time);
  const paybill = createPaybill({ book, sender, time });
  const tokens = createAccessTokens(options, time, () => state.faults.tokensExpireAtOnce);
  const answer = darajaApi({
    shortcode: options,
    tokens,
    rules,
    book,
    paybill,
    time,
    faults: () => state.faults,
    chance: () => {
      state.drawn += 1;
      return seededChance(seed, `request ${state.drawn}`);
    },
    answered: (push) => sender.announce(push),
  });
  const server: HttpServer = await startHttpServer('the Daraja stand-in', port, answer);
  return {
    url: server.url,
    options,
    rules,
    book,
    paybill,
    sender,
    tokens,
    get faults() {
      return state.faults;
    },
    set faults(next) {
      state.faults = next;
    },
    reset: () => {
      state.faults = NO_FAULTS;
      rules.reset();
      sender.reset();
      book.reset();
      paybill.reset();
    },
    stop: async () => {
      book.reset();
      await sender.stop();
      await server.stop();
    },
  };
}
