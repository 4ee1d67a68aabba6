import { Group, NumberInput, Select, Stack, Text } from '@mantine/core';
import {
  listMyPackages,
  MAX_SOLD_AT_ONCE,
  sellVouchers,
  type AgentSale,
  type MyAgentView,
} from '@turnpike/contracts/agents.js';
import { moneyText } from '@turnpike/core/money.js';
import { useState, type FormEvent } from 'react';
import { useAct } from '../../api/use-act.js';
import { useEndpoint } from '../../api/use-endpoint.js';
import { Action } from '../../kit/action.js';
import { Confirm } from '../../kit/confirm.js';
import { EmptyState } from '../../kit/empty-state.js';
import { Facts } from '../../kit/facts.js';
import { Money } from '../../kit/figures.js';
import { issueOf, tellsMore } from '../../kit/issue-of.js';
import { Refusal } from '../../kit/refusal.js';
import { Section } from '../../kit/section.js';
import { useWords } from '../../words/use-words.js';
import { isEnough, sumsOf } from './sale-sums.js';
import { sellingWords } from './selling-words.js';

const FIELDS = ['packageId', 'count'] as const;

/** A sale of vouchers from the agent's own wallet. */
export function SaleForm({ agent, onSold }: { agent: MyAgentView; onSold: (sale: AgentSale) => void }) {
  const t = useWords(sellingWords);
  const offered = useEndpoint(listMyPackages).data?.items;
  const [packageId, setPackageId] = useState<string | null>(null);
  const [count, setCount] = useState<number | string>(1);
  const [isAsking, setAsking] = useState(false);
  const act = useAct(sellVouchers, {
    ownProblem: true,
    says: ({ balanceMinor, currency }) => t('sold', { balance: moneyText(BigInt(balanceMinor), currency) }),
    onDone: onSold,
  });
  const chosen = offered?.find(({ id }) => id === packageId);
  const many = typeof count === 'number' ? count : 0;
  const sums = chosen === undefined ? undefined : sumsOf(chosen.priceMinor, agent.commissionBasisPoints, many);
  const text = (minor: number) => moneyText(minor, chosen?.currency ?? 'KES');
  const isShort =
    chosen !== undefined && sums !== undefined && !isEnough(agent.balances, chosen.currency, sums.debitedMinor);
  const ask = (event: FormEvent) => {
    event.preventDefault();
    if (chosen !== undefined && many > 0) setAsking(true);
  };
  const sell = () => {
    if (chosen === undefined) return;
    act.mutate({ body: { packageId: chosen.id, count: many } }, { onSettled: () => setAsking(false) });
  };
  if (offered?.length === 0) return <EmptyState title={t('noPackages')} text={t('noPackagesText')} />;
  return (
    <Section title={t('sell')}>
      <form onSubmit={ask}>
        <Stack>
          <Group align="flex-start" grow preventGrowOverflow={false}>
            <Select
              label={t('package')}
              placeholder={t('choosePackage')}
              required
              miw={220}
              data={offered?.map(({ id, name, priceMinor, currency }) => ({
                value: id,
                label: `${name} · ${moneyText(priceMinor, currency)}`,
              }))}
              value={packageId}
              onChange={setPackageId}
              error={issueOf(act.error, 'packageId')}
            />
            <NumberInput
              label={t('count')}
              required
              min={1}
              max={MAX_SOLD_AT_ONCE}
              allowDecimal={false}
              miw={120}
              value={count}
              onChange={setCount}
              error={issueOf(act.error, 'count')}
            />
          </Group>
          {sums === undefined || chosen === undefined ? null : (
            <Facts
              facts={[
                { label: t('price'), value: <Money minor={sums.totalMinor} currency={chosen.currency} /> },
                { label: t('mine'), value: <Money minor={sums.commissionMinor} currency={chosen.currency} /> },
                { label: t('debited'), value: <Money minor={sums.debitedMinor} currency={chosen.currency} /> },
              ]}
            />
          )}
          {isShort ? (
            <Text size="sm" c="red" role="alert">
              {t('tooLittle')}
            </Text>
          ) : null}
          {tellsMore(act.error, FIELDS) ? <Refusal problem={act.error} /> : null}
          <Group justify="flex-end">
            <Action
              needs="agent:sell"
              type="submit"
              size="md"
              because={isShort ? t('tooLittle') : undefined}
              disabled={chosen === undefined || many < 1}
            >
              {sums === undefined || many < 1 ? t('sellEmpty') : t('sellVerb', { amount: text(sums.totalMinor) })}
            </Action>
          </Group>
        </Stack>
      </form>
      <Confirm
        isOpen={isAsking && sums !== undefined}
        onClose={() => setAsking(false)}
        title={t('confirmTitle', { count: many })}
        consequences={t('confirmText', {
          price: text(sums?.totalMinor ?? 0),
          debited: text(sums?.debitedMinor ?? 0),
        })}
        verb={t('sellVerb', { amount: text(sums?.totalMinor ?? 0) })}
        isBusy={act.isPending}
        onConfirm={sell}
      />
    </Section>
  );
}
