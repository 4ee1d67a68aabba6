import type { SettingGroup } from '@turnpike/contracts/settings.js';
import { messageOf } from '@turnpike/core/app-error.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import { z } from 'zod';
import { storedGroups, type Settings } from './setting-groups.js';
import { secretsPlace, type SettingRow } from './settings.store.js';

const secrets = z.record(z.string(), z.string().nullable());

/** A group as it was saved. Throws when its secrets cannot be opened or its values make no sense to this version. */
export function openGroup<Group extends SettingGroup>(
  group: Group,
  row: SettingRow,
  secretBox: Pick<SecretBox, 'open'>,
): Settings[Group] {
  const opened: unknown = row.secrets === null ? {} : JSON.parse(secretBox.open(row.secrets, secretsPlace(group)));
  return storedGroups[group].parse({ ...row.values, ...secrets.parse(opened) });
}

/** The same, but without its secrets when they cannot be opened any more: somebody has to enter them again. */
export function openWhatCan<Group extends SettingGroup>(
  group: Group,
  row: SettingRow,
  secretBox: Pick<SecretBox, 'open'>,
): { readonly settings: Settings[Group]; readonly trouble: string | undefined } {
  try {
    return { settings: openGroup(group, row, secretBox), trouble: undefined };
  } catch (error) {
    return { settings: storedGroups[group].parse(row.values), trouble: messageOf(error) };
  }
}
