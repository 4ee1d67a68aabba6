import { Radio, Stack, Text } from '@mantine/core';
import { grantPackage } from '@turnpike/contracts/customers.js';
import { getPackage } from '@turnpike/contracts/packages.js';
import { sellForCash, sellFromWallet } from '@turnpike/contracts/payments.js';
import { useState } from 'react';
import { useAct } from '../../api/use-act.js';
import { useEndpoint } from '../../api/use-endpoint.js';
import { FormDialog } from '../../kit/form-dialog.js';
import { issueOf } from '../../kit/issue-of.js';
import { PackageSelect } from '../../kit/package-select.js';
import { useMakeOld } from '../../kit/use-make-old.js';
import { useMay } from '../../session/session.js';
import { useWords } from '../../words/use-words.js';
import { entitlementWords } from './entitlement-words.js';

interface Props {
  readonly customerId: string;
  /** Chosen already: to extend what runs. */
  readonly packageId?: string;
  readonly onClose: () => void;
}

const WAYS = ['cash', 'wallet', 'grant'] as const;
type Way = (typeof WAYS)[number];

/** Sells a package for cash or from the wallet, or gives it for free; the same package again extends what runs. */
export function SellDialog({ customerId, packageId: first = '', onClose }: Props) {
  const t = useWords(entitlementWords);
  const makeOld = useMakeOld();
  const maySell = useMay('payments:write');
  const mayGrant = useMay('grants:write');
  const ways = WAYS.filter((way) => (way === 'grant' ? mayGrant : maySell));
  const [packageId, setPackageId] = useState(first);
  const { data: chosen } = useEndpoint(getPackage, { params: { id: packageId } }, { enabled: packageId !== '' });
  const [way, setWay] = useState<Way | undefined>(ways[0]);
  const done = {
    ownProblem: true,
    onDone: () => {
      makeOld('customers', 'payments', 'ledger');
      onClose();
    },
  };
  const cash = useAct(sellForCash, { ...done, says: ({ packageName }) => t('sold', { name: packageName ?? '' }) });
  const wallet = useAct(sellFromWallet, { ...done, says: ({ packageName }) => t('sold', { name: packageName ?? '' }) });
  const grant = useAct(grantPackage, { ...done, says: ({ packageName }) => t('sold', { name: packageName }) });
  const problem = cash.error ?? wallet.error ?? grant.error;
  const submit = () => {
    for (const act of [cash, wallet, grant]) act.reset();
    if (way === 'cash') cash.mutate({ body: { customerId, packageId } });
    if (way === 'wallet') wallet.mutate({ body: { customerId, packageId } });
    if (way === 'grant') grant.mutate({ params: { id: customerId }, body: { packageId } });
  };
  return (
    <FormDialog
      title={t('sellTitle')}
      verb={way === undefined ? t('sell') : t(`sellVerb_${way}`)}
      isBusy={cash.isPending || wallet.isPending || grant.isPending}
      isComplete={packageId !== '' && way !== undefined}
      problem={problem}
      fields={['packageId']}
      onSubmit={submit}
      onClose={onClose}
    >
      <PackageSelect
        label={t('package')}
        required
        value={packageId}
        onChange={setPackageId}
        error={issueOf(problem, 'packageId')}
      />
      {chosen === undefined ? null : <Text size="sm">{t(`repeat_${chosen.onRepeat}`)}</Text>}
      {ways.length === 0 ? <Text size="sm">{t('notAllowed')}</Text> : null}
      <Radio.Group
        label={t('how')}
        value={way ?? ''}
        onChange={(value) => setWay(WAYS.find((known) => known === value))}
      >
        <Stack gap="xs" mt="xs">
          {ways.map((value) => (
            <Radio key={value} value={value} label={t(`how_${value}`)} />
          ))}
        </Stack>
      </Radio.Group>
    </FormDialog>
  );
}
