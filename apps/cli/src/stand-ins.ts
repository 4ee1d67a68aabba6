import type { CliConfig } from './config.js';
import type { Secrets } from './secrets.js';
import type { Ports } from './settled-ports.js';

/** What `instance.json` says about an outside service. */
export interface OutsideService {
  /** Null: there is none, the user has not set it up. */
  readonly url: string | null;
  /** Where a stand-in is steered and tells what it did; absent for a real service. */
  readonly controlUrl?: string;
}

export interface OutsideServices {
  readonly daraja: OutsideService;
  readonly sms: OutsideService;
}

interface StandInInput {
  readonly config: CliConfig;
  readonly secrets: Secrets;
  readonly ports: Ports;
}

const SMS_USERNAME = 'sandbox';
const SMS_SENDER = 'TURNPIKE';
const loopback = (port: number): string => `http://127.0.0.1:${port}`;

/** The default of the worker where the user has only set a key. */
const AFRICAS_TALKING = 'https://api.africastalking.com';

/** The simulator's stand-ins are used where the user names no service of his own. */
function isStoodIn({ simulatorRouters, handedOn }: CliConfig, variables: readonly string[]): boolean {
  return simulatorRouters > 0 && variables.every((variable) => handedOn[variable] === undefined);
}

const isDarajaStoodIn = (config: CliConfig): boolean => isStoodIn(config, ['DARAJA_URL']);
const isSmsStoodIn = (config: CliConfig): boolean => isStoodIn(config, ['SMS_URL', 'SMS_API_KEY']);

/** Environment of the service where stand-ins are used: their address and what they accept. */
export function standInServiceEnv({ config, secrets, ports }: StandInInput): Record<string, string> {
  const daraja = {
    DARAJA_URL: loopback(ports.simulatorDaraja),
    DARAJA_CONSUMER_KEY: secrets.darajaConsumerKey,
    DARAJA_CONSUMER_SECRET: secrets.darajaConsumerSecret,
    DARAJA_SHORTCODE: secrets.darajaShortcode,
    DARAJA_PASSKEY: secrets.darajaPasskey,
    DARAJA_C2B_TOKEN: secrets.darajaC2bToken,
  };
  const sms = {
    SMS_URL: loopback(ports.simulatorSms),
    SMS_USERNAME,
    SMS_API_KEY: secrets.smsApiKey,
    SMS_SENDER: config.handedOn['SMS_SENDER'] ?? SMS_SENDER,
  };
  return { ...(isDarajaStoodIn(config) ? daraja : {}), ...(isSmsStoodIn(config) ? sms : {}) };
}

/** The same from the other side: names are read by `apps/simulator/src/config.ts`. */
export function standInSimulatorEnv({ secrets, ports }: Omit<StandInInput, 'config'>): Record<string, string> {
  return {
    SIMULATOR_DARAJA_PORT: String(ports.simulatorDaraja),
    SIMULATOR_DARAJA_CONSUMER_KEY: secrets.darajaConsumerKey,
    SIMULATOR_DARAJA_CONSUMER_SECRET: secrets.darajaConsumerSecret,
    SIMULATOR_DARAJA_SHORTCODE: secrets.darajaShortcode,
    SIMULATOR_DARAJA_PASSKEY: secrets.darajaPasskey,
    SIMULATOR_SMS_PORT: String(ports.simulatorSms),
    SIMULATOR_SMS_USERNAME: SMS_USERNAME,
    SIMULATOR_SMS_API_KEY: secrets.smsApiKey,
  };
}

/** Where payments and messages go. */
export function outsideServices(config: CliConfig, ports: Ports): OutsideServices {
  const control = loopback(ports.simulatorControl);
  const { DARAJA_URL, SMS_URL, SMS_API_KEY } = config.handedOn;
  const smsUrl = SMS_URL ?? (SMS_API_KEY === undefined ? null : AFRICAS_TALKING);
  return {
    daraja: isDarajaStoodIn(config)
      ? { url: loopback(ports.simulatorDaraja), controlUrl: `${control}/daraja` }
      : { url: DARAJA_URL ?? null },
    sms: isSmsStoodIn(config) ? { url: loopback(ports.simulatorSms), controlUrl: `${control}/sms` } : { url: smsUrl },
  };
}
