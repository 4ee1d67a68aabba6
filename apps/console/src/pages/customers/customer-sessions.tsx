import { Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { explainAccess } from '@turnpike/contracts/access.js';
import { listSessionHistory, type SessionView } from '@turnpike/contracts/sessions.js';
import { useEffect, useRef, useState } from 'react';
import { keyOf, usePages, type Pages } from '../../api/use-endpoint.js';
import { Action } from '../../kit/action.js';
import { DataTable } from '../../kit/data-table.js';
import { EmptyState } from '../../kit/empty-state.js';
import { Section } from '../../kit/section.js';
import { useMay } from '../../session/session.js';
import { useWords } from '../../words/use-words.js';
import { OrderDialog } from '../sessions/order-dialogs.js';
import { useSessionColumns } from '../sessions/session-columns.js';
import { sessionsWords } from '../sessions/sessions-words.js';
import { CustomerUsage } from './customer-usage.js';
import { customersWords } from './customers-words.js';

const SHOWN = 200;

/** The history, because events about sessions make its answers old: those below `/customers` would not hear of them. */
function useSessionsOf(customerId: string): Pages<SessionView> {
  const may = useMay('sessions:read');
  return usePages(listSessionHistory, { query: { customerId, limit: SHOWN } }, { enabled: may });
}

function isOnline({ state }: SessionView): boolean {
  return state !== 'closed';
}

/** What runs now; when that changes, the answer to why is asked anew. */
export function CustomerOnline({ customerId }: { customerId: string }) {
  const t = useWords(customersWords);
  const words = useWords(sessionsWords);
  const columns = useSessionColumns({ withUsername: false });
  const pages = useSessionsOf(customerId);
  const [asking, setAsking] = useState<'disconnect' | 'rate' | undefined>();
  const online = pages.items?.filter(isOnline);
  useAskWhyAgain(customerId, online);
  const because = online?.length === 0 ? t('offline') : undefined;
  return (
    <Section
      title={t('onlineNow')}
      actions={
        <>
          <Action
            needs="sessions:disconnect"
            size="xs"
            variant="default"
            because={because}
            onClick={() => setAsking('rate')}
          >
            {words('changeRate')}
          </Action>
          <Action
            needs="sessions:disconnect"
            size="xs"
            variant="default"
            because={because}
            onClick={() => setAsking('disconnect')}
          >
            {words('disconnect')}
          </Action>
        </>
      }
    >
      {online?.length === 0 ? (
        <Text size="sm">{t('offline')}</Text>
      ) : (
        <DataTable
          caption={t('onlineNow')}
          pages={{ ...pages, items: online, hasMore: false }}
          columns={columns}
          idOf={({ id }) => id}
          empty={null}
        />
      )}
      {asking === undefined ? null : (
        <OrderDialog kind={asking} sessions={online ?? []} onClose={() => setAsking(undefined)} />
      )}
    </Section>
  );
}

function useAskWhyAgain(customerId: string, online: readonly SessionView[] | undefined): void {
  const queries = useQueryClient();
  const ids = online?.map(({ id, state }) => `${id} ${state}`).join();
  const before = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (before.current !== undefined && ids !== undefined && before.current !== ids) {
      void queries.invalidateQueries({ queryKey: keyOf(explainAccess, { params: { id: customerId } }) });
    }
    if (ids !== undefined) before.current = ids;
  }, [queries, customerId, ids]);
}

/** Usage by day, what runs, and what ran before. */
export function CustomerSessions({ customerId }: { customerId: string }) {
  const t = useWords(customersWords);
  const columns = useSessionColumns({ withUsername: false });
  const pages = useSessionsOf(customerId);
  return (
    <>
      <CustomerOnline customerId={customerId} />
      <CustomerUsage customerId={customerId} />
      <Section title={t('before')}>
        <DataTable
          caption={t('before')}
          pages={{ ...pages, items: pages.items?.filter((session) => !isOnline(session)) }}
          columns={columns}
          idOf={({ id }) => id}
          empty={<EmptyState title={t('beforeNone')} text={t('beforeNoneText')} />}
        />
      </Section>
    </>
  );
}
