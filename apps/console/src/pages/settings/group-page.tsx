import { getSettings, type SettingGroup, type SettingsView } from '@turnpike/contracts/settings.js';
import type { ReactNode } from 'react';
import { useEndpoint } from '../../api/use-endpoint.js';
import { Loaded } from '../../kit/loaded.js';
import { SettingsFrame } from './settings-frame.js';

interface Props<Group extends SettingGroup> {
  readonly group: Group;
  readonly about: string;
  /** Begins anew when the group was saved, here or by somebody else. */
  readonly children: (settings: SettingsView[Group], publicUrl: string) => ReactNode;
}

/** One group of settings, once it has been read. */
export function GroupPage<Group extends SettingGroup>({ group, about, children }: Props<Group>) {
  const asked = useEndpoint(getSettings);
  return (
    <SettingsFrame about={about}>
      <Loaded asked={asked} height={480}>
        {(all) => <div key={all[group].updatedAt ?? 'environment'}>{children(all[group], all.publicUrl)}</div>}
      </Loaded>
    </SettingsFrame>
  );
}
