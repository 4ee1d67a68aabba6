import type { ReactNode } from 'react';
import { Page } from '../../kit/page.js';
import { PageTabs } from '../../kit/page-tabs.js';
import { useMe } from '../../session/session.js';
import { useWords } from '../../words/use-words.js';
import { alertWords } from './alert-words.js';

interface Props {
  readonly about: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** Title and tabs of the pages about alerts. Rules are of the whole network: who has sites only sees none. */
export function AlertsFrame({ about, actions, children }: Props) {
  const t = useWords(alertWords);
  const isGlobal = useMe().sites === null;
  return (
    <Page title={t('title')} about={about} actions={actions}>
      <PageTabs
        label={t('tabs')}
        tabs={[
          { label: t('tabAlerts'), to: '/alerts' },
          ...(isGlobal ? [{ label: t('tabRules'), to: '/alerts/rules' }] : []),
        ]}
      />
      {children}
    </Page>
  );
}
