import { Anchor, Button, Card, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { sellForCash, sellFromWallet } from '@turnpike/contracts/payments.js';
import type { PackageView } from '@turnpike/contracts/packages.js';
import { moneyText } from '@turnpike/core/money.js';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { useAct } from '../../api/use-act.js';
import { Action } from '../../kit/action.js';
import { Confirm } from '../../kit/confirm.js';
import { CopyAs } from '../../kit/copy-as.js';
import { issueOf, tellsMore } from '../../kit/issue-of.js';
import { PackageSelect } from '../../kit/package-select.js';
import { Page } from '../../kit/page.js';
import { Refusal } from '../../kit/refusal.js';
import { useFilters } from '../../kit/use-filters.js';
import { useMakeOld } from '../../kit/use-make-old.js';
import { useWords } from '../../words/use-words.js';
import { CustomerSelect } from './customer-select.js';
import { decisionWords } from './decision-words.js';
import { paymentWords } from './payment-words.js';

const FIELDS = ['customerId', 'packageId'] as const;

/** Sells a package over the counter; `?customer=` and `?with=wallet` choose beforehand. */
export function SellPage() {
  const t = useWords(decisionWords);
  const words = useWords(paymentWords);
  const navigate = useNavigate();
  const makeOld = useMakeOld();
  const [filters, change] = useFilters(['customer', 'with']);
  const [chosen, setChosen] = useState<PackageView>();
  const [isAsking, setAsking] = useState(false);
  const isCash = filters.with !== 'wallet';
  const price = chosen === undefined ? '' : moneyText(chosen.priceMinor, chosen.currency);
  const name = chosen?.name ?? '';
  const act = useAct(isCash ? sellForCash : sellFromWallet, {
    ownProblem: true,
    says: () => t('sold', { name, price }),
    onDone: ({ id }) => {
      makeOld('ledger', 'customers', 'entitlements', 'dashboard');
      void navigate(`/payments/${id}`);
    },
  });
  const body = { customerId: filters.customer, packageId: chosen?.id ?? '' };
  const sell = () => act.mutate({ body }, { onSettled: () => setAsking(false) });
  return (
    <Page
      title={t('sellTitle')}
      about={t('sellAbout')}
      trail={[{ label: words('title'), to: '/payments' }]}
      actions={<CopyAs endpoint={isCash ? sellForCash : sellFromWallet} input={{ body }} />}
    >
      <Card withBorder maw={560}>
        <Stack>
          <CustomerSelect
            label={t('customer')}
            required
            value={filters.customer}
            onChange={(customer) => change({ customer })}
            error={issueOf(act.error, 'customerId')}
          />
          <Text size="sm" c="dimmed">
            <Anchor component={Link} to="/customers" inherit>
              {t('newCustomer')}
            </Anchor>
          </Text>
          <PackageSelect
            label={t('packageFor')}
            required
            value={chosen?.id ?? ''}
            onChange={(_id, found) => setChosen(found)}
            error={issueOf(act.error, 'packageId')}
          />
          <SegmentedControl
            aria-label={t('payWith')}
            value={isCash ? 'cash' : 'wallet'}
            onChange={(value) => change({ with: value })}
            data={[
              { value: 'cash', label: t('cash') },
              { value: 'wallet', label: t('wallet') },
            ]}
          />
          {tellsMore(act.error, FIELDS) ? <Refusal problem={act.error} /> : null}
          <Group justify="flex-end">
            <Button component={Link} to="/payments" variant="default">
              {words('tabList')}
            </Button>
            <Action
              needs="payments:write"
              disabled={chosen === undefined || filters.customer === ''}
              onClick={() => setAsking(true)}
            >
              {price === '' ? t('sell') : t('sellVerb', { price })}
            </Action>
          </Group>
        </Stack>
      </Card>
      <Confirm
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={t('confirmSale', { name })}
        consequences={t(isCash ? 'cashConsequence' : 'walletConsequence', { name, price })}
        verb={t('sellVerb', { price })}
        isBusy={act.isPending}
        onConfirm={sell}
      />
    </Page>
  );
}
