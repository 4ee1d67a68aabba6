import { settingGroups, type SettingGroup } from '@turnpike/contracts/settings.js';
import type { SecretPlace } from '@turnpike/core/secret-box.js';
import type { Tx } from '@turnpike/db/database.js';
import { z } from 'zod';

/** A group that was saved. */
export interface SettingRow {
  readonly group: SettingGroup;
  readonly values: Readonly<Record<string, unknown>>;
  /** Sealed JSON of the secret fields; null: none is set. */
  readonly secrets: string | null;
  readonly updatedAt: Date;
  /** Operator id. */
  readonly updatedBy: string;
}

const values = z.record(z.string(), z.json());

export async function listSettingRows(tx: Tx): Promise<SettingRow[]> {
  const rows = await tx.setting.findMany();
  return rows.flatMap(({ group, values: stored, ...rest }) => {
    const known = settingGroups.find((name) => name === group);
    return known === undefined ? [] : [{ ...rest, group: known, values: values.parse(stored) }];
  });
}

/** Until the transaction ends nobody else changes the group, whether it was saved before or not. */
export async function lockSetting(tx: Tx, group: SettingGroup): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`setting:${group}`}, 0))`;
}

export async function putSetting(tx: Tx, { group, values: stored, ...rest }: SettingRow): Promise<void> {
  const data = { ...rest, values: values.parse(stored) };
  await tx.setting.upsert({ where: { group }, create: { group, ...data }, update: data });
}

/** False when it was not saved. */
export async function removeSetting(tx: Tx, group: SettingGroup): Promise<boolean> {
  return (await tx.setting.deleteMany({ where: { group } })).count > 0;
}

export function secretsPlace(group: SettingGroup): SecretPlace {
  return { table: 'setting', row: group, column: 'secrets' };
}
