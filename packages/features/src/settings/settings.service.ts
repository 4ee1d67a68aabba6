import type { SettingGroup, SettingsView } from '@turnpike/contracts/settings.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { Database, Tx } from '@turnpike/db/database.js';
import type { ChangeContext } from '@turnpike/runtime/http/change-context.js';
import { appendAudit } from '../audit/audit.store.js';
import { beforeAndAfter } from '../audit/before-and-after.js';
import { everyGroup, plainOf, secretFields, storedGroups, type Settings } from './setting-groups.js';
import { faultsOf, ownMachine, refuse, secretsToEnterAgain, type PlainGroup } from './setting-rules.js';
import type { SettingsReader } from './settings-reader.js';
import {
  listSettingRows,
  lockSetting,
  putSetting,
  removeSetting,
  secretsPlace,
  type SettingRow,
} from './settings.store.js';
import { toSettingsView } from './settings.view.js';
import { openWhatCan } from './stored-settings.js';

export interface SettingsService {
  /** As they are in PostgreSQL now. */
  list(): Promise<SettingsView>;
  /** A group as it is now, secrets in the clear: to be handed on, never told. */
  plain(group: SettingGroup): Promise<PlainGroup>;
  /**
   * Lays `patch` over what holds and saves the whole group. Holds in this process when it resolves. Throws
   * `validation_failed` for what makes no sense together, and where a secret would go to another place unseen.
   */
  change(group: SettingGroup, patch: PlainGroup, context: ChangeContext): Promise<SettingsView>;
  /** Back to the environment; nothing when it holds already. */
  reset(group: SettingGroup, context: ChangeContext): Promise<void>;
}

export interface SettingsDeps extends Pick<Database, 'db' | 'transact'> {
  readonly secretBox: Pick<SecretBox, 'seal' | 'open'>;
  readonly environment: Settings;
  readonly reader: Pick<SettingsReader, 'refresh'>;
  /** Tells the other processes; called after the commit. */
  readonly announce: () => Promise<void>;
  readonly namesOf: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  readonly publicUrl: string;
  /** Providers may live on this machine: stand-ins. */
  readonly allowLoopback: boolean;
  readonly clock: Clock;
}

/** What operators set; who reads the settings to work by them has a SettingsReader. */
export function createSettingsService(deps: SettingsDeps): SettingsService {
  const { db, transact, secretBox, environment, clock } = deps;

  async function list(): Promise<SettingsView> {
    const rows = new Map((await listSettingRows(db)).map((row) => [row.group, row]));
    const names = await deps.namesOf([...rows.values()].map(({ updatedBy }) => updatedBy));
    return toSettingsView(settingsOf(deps, rows), { rows, names, publicUrl: deps.publicUrl });
  }

  /** After the commit: nobody here works by the old ones any more when the caller is answered. */
  async function tell(): Promise<void> {
    await Promise.all([deps.reader.refresh(), deps.announce()]);
  }

  return {
    list,

    plain: async (group) => plainOf(await current(deps, db, group)),

    change: async (group, patch, context) => {
      await transact(async (tx) => {
        await lockSetting(tx, group);
        const before = plainOf(await current(deps, tx, group));
        const after = { ...before, ...given(patch) };
        refuse([
          ...secretsToEnterAgain(group, before, patch),
          ...ownMachine(patch, deps.allowLoopback),
          ...faultsOf(group, after),
        ]);
        storedGroups[group].parse(after);
        const { values, secrets } = split(group, after);
        const sealed = secrets === null ? null : secretBox.seal(JSON.stringify(secrets), secretsPlace(group));
        const row = { group, values, secrets: sealed, updatedAt: clock.now(), updatedBy: context.actor };
        await putSetting(tx, row);
        const changed = beforeAndAfter(split(group, before).values, values);
        const replaced = secretFields[group].filter((name) => after[name] !== before[name]);
        await audit(tx, context, group, 'settings.changed', { ...changed, replaced });
      });
      await tell();
      return list();
    },

    reset: async (group, context) => {
      await transact(async (tx) => {
        await lockSetting(tx, group);
        const before = split(group, plainOf(await current(deps, tx, group))).values;
        if (!(await removeSetting(tx, group))) return;
        const after = split(group, plainOf(environment[group])).values;
        await audit(tx, context, group, 'settings.reset', beforeAndAfter(before, after));
      });
      await tell();
    },
  };
}

function settingsOf(
  { secretBox, environment }: Pick<SettingsDeps, 'secretBox' | 'environment'>,
  rows: ReadonlyMap<SettingGroup, SettingRow>,
): Settings {
  const pick = <Group extends SettingGroup>(group: Group): Settings[Group] => {
    const row = rows.get(group);
    return row === undefined ? environment[group] : openWhatCan(group, row, secretBox).settings;
  };
  return everyGroup(pick);
}

async function current(deps: SettingsDeps, tx: Tx, group: SettingGroup): Promise<Settings[SettingGroup]> {
  const rows = new Map((await listSettingRows(tx)).map((row) => [row.group, row]));
  return settingsOf(deps, rows)[group];
}

/** What is left out of a patch is left alone. */
function given(patch: PlainGroup): PlainGroup {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}

/** What may be seen, and what must be sealed; null: no secret is set. */
function split(group: SettingGroup, plain: PlainGroup) {
  const isSecret = (name: string): boolean => secretFields[group].includes(name);
  const entries = Object.entries(plain);
  const secrets = entries.filter(([name, value]) => isSecret(name) && value !== null);
  return {
    values: Object.fromEntries(entries.filter(([name]) => !isSecret(name))),
    secrets: secrets.length === 0 ? null : Object.fromEntries(secrets),
  };
}

async function audit(
  tx: Tx,
  context: ChangeContext,
  group: SettingGroup,
  action: string,
  details: Record<string, unknown>,
): Promise<void> {
  await appendAudit(tx, { ...context, action, subjectType: 'settings', subjectId: group, details });
}
