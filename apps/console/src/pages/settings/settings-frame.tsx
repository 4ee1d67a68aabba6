import type { ReactNode } from 'react';
import { Page } from '../../kit/page.js';
import { PageTabs } from '../../kit/page-tabs.js';
import { useMay } from '../../session/session.js';
import { useWords } from '../../words/use-words.js';
import { settingsWords } from './settings-words.js';

interface Props {
  readonly about?: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

const GROUPS = [
  ['tabMpesa', '/settings/mpesa'],
  ['tabSms', '/settings/sms'],
  ['tabMail', '/settings/mail'],
  ['tabBranding', '/settings/branding'],
  ['tabTax', '/settings/tax'],
  ['tabRetention', '/settings/retention'],
] as const;

/** The title and tabs of every page of the settings; whoever may not see a part has no tab of it. */
export function SettingsFrame({ about, actions, children }: Props) {
  const t = useWords(settingsWords);
  const mayManage = useMay('operators:manage');
  const mayMakeTokens = useMay('tokens:manage');
  const maySet = useMay('settings:manage');
  return (
    <Page title={t('title')} {...(about === undefined ? {} : { about })} actions={actions}>
      <PageTabs
        label={t('tabs')}
        tabs={[
          { label: t('tabPreferences'), to: '/settings' },
          { label: t('tabSecurity'), to: '/settings/security' },
          ...(maySet ? GROUPS.map(([key, to]) => ({ label: t(key), to })) : []),
          ...(mayManage ? [{ label: t('tabOperators'), to: '/settings/operators' }] : []),
          ...(mayMakeTokens ? [{ label: t('tabTokens'), to: '/settings/tokens' }] : []),
        ]}
      />
      {children}
    </Page>
  );
}
