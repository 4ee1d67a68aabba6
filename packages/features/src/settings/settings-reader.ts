import type { SettingGroup } from '@turnpike/contracts/settings.js';
import { messageOf } from '@turnpike/core/app-error.js';
import { finishes } from '@turnpike/core/finishes.js';
import { createRereading } from '@turnpike/core/rereading.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { Db } from '@turnpike/db/database.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import type { Redis } from '@turnpike/runtime/redis.js';
import {
  everyGroup,
  type BrandingSettings,
  type MailSettings,
  type MpesaSettings,
  type RetentionSettings,
  type Settings,
  type SmsSettings,
  type TaxSettings,
} from './setting-groups.js';
import { listSettingRows, type SettingRow } from './settings.store.js';
import { openWhatCan } from './stored-settings.js';

/**
 * The settings as they hold in this process. Ask at every use: what is saved in the console arrives within milliseconds where
 * Redis carries the word, and within three seconds otherwise. A group that did not change is the same object as before.
 * While PostgreSQL is away the last known ones hold, before the first reading those of the environment.
 */
export interface SettingsReader {
  mpesa(): MpesaSettings;
  sms(): SmsSettings;
  mail(): MailSettings;
  branding(): BrandingSettings;
  tax(): TaxSettings;
  retention(): RetentionSettings;
  /** Reads now; never rejects. */
  refresh(): Promise<void>;
  /** Begins to follow changes; has read them once, unless PostgreSQL takes longer than a second. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface SettingsReaderOptions {
  readonly db: Db;
  readonly secretBox: Pick<SecretBox, 'open'>;
  /** What holds where nothing was saved. */
  readonly environment: Settings;
  /** A connection for subscribing only; undefined: changes are only looked for by the clock. */
  readonly subscriber?: Redis | undefined;
  readonly prefix: string;
  readonly logger: Logger;
  /** How old what is known may become, ms. */
  readonly pollMs?: number;
}

const POLL_MS = 3_000;
const START_MS = 1_000;
const STOP_MS = 1_000;

export function settingsChannel(prefix: string): string {
  return `${prefix}settings-changed`;
}

/** Tells every process to read again. Never throws: a word that is lost costs three seconds. */
export async function announceSettings(redis: Redis, prefix: string): Promise<void> {
  await redis.publish(settingsChannel(prefix), '').catch(() => undefined);
}

export function createSettingsReader(options: SettingsReaderOptions): SettingsReader {
  const { db, secretBox, environment, subscriber, logger, pollMs = POLL_MS } = options;
  const channel = settingsChannel(options.prefix);
  let settings = environment;
  /** What each group was read from. */
  let stamps = new Map<SettingGroup, string>();
  let stopped = false;
  let isAway = false;
  let timer: NodeJS.Timeout | undefined;

  function take(rows: readonly SettingRow[]): void {
    const byGroup = new Map(rows.map((row) => [row.group, row]));
    const stampOf = (row: SettingRow): string => JSON.stringify(row);
    const pick = <Group extends SettingGroup>(group: Group): Settings[Group] => {
      const row = byGroup.get(group);
      if (row === undefined) return environment[group];
      if (stamps.get(group) === stampOf(row)) return settings[group];
      const opened = openWhatCan(group, row, secretBox);
      if (opened.trouble !== undefined) {
        logger.error({ group, reason: opened.trouble }, 'secrets of the settings cannot be opened: enter them again');
      }
      return opened.settings;
    };
    settings = everyGroup(pick);
    stamps = new Map(rows.map((row) => [row.group, stampOf(row)]));
  }

  async function read(): Promise<void> {
    try {
      take(await listSettingRows(db));
      isAway = false;
    } catch (error) {
      if (!isAway) logger.warn({ reason: messageOf(error) }, 'settings could not be read, the last known ones hold');
      isAway = true;
    }
  }

  const rereading = createRereading(read);
  const refresh = rereading.again;

  function schedule(): void {
    if (stopped) return;
    timer = setTimeout(() => void refresh().finally(schedule), pollMs);
  }

  const onMessage = (from: string): void => {
    if (from === channel && !stopped) void refresh();
  };
  const onReady = (): void => {
    if (!stopped) void refresh();
  };

  return {
    mpesa: () => settings.mpesa,
    sms: () => settings.sms,
    mail: () => settings.mail,
    branding: () => settings.branding,
    tax: () => settings.tax,
    retention: () => settings.retention,
    refresh,
    start: async () => {
      subscriber?.on('message', onMessage);
      subscriber?.on('ready', onReady);
      // Waits in the connection's queue while Redis is away; the clock serves meanwhile.
      subscriber?.subscribe(channel).catch(() => undefined);
      await finishes(refresh(), START_MS);
      schedule();
    },
    stop: async () => {
      stopped = true;
      rereading.stop();
      clearTimeout(timer);
      subscriber?.off('message', onMessage);
      subscriber?.off('ready', onReady);
      // A database that hangs must not hold up the end of the process.
      const { running } = rereading;
      if (running !== undefined) await finishes(running, STOP_MS);
    },
  };
}
