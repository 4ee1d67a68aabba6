import { TextInput } from '@mantine/core';
import { redeemForCustomer } from '@turnpike/contracts/vouchers.js';
import { useState } from 'react';
import { useAct } from '../../api/use-act.js';
import { FormDialog } from '../../kit/form-dialog.js';
import { issueOf } from '../../kit/issue-of.js';
import { useMakeOld } from '../../kit/use-make-old.js';
import { useWords } from '../../words/use-words.js';
import { customersWords } from './customers-words.js';

/** Gives a customer the time of a voucher. */
export function RedeemDialog({ customerId, onClose }: { customerId: string; onClose: () => void }) {
  const t = useWords(customersWords);
  const makeOld = useMakeOld();
  const [code, setCode] = useState('');
  const redeem = useAct(redeemForCustomer, {
    ownProblem: true,
    says: ({ packageName }) => t('redeemed', { name: packageName }),
    onDone: () => {
      makeOld('customers');
      onClose();
    },
  });
  return (
    <FormDialog
      title={t('redeem')}
      about={t('redeemAbout')}
      verb={t('redeem')}
      isBusy={redeem.isPending}
      isComplete={code.trim() !== ''}
      problem={redeem.error}
      fields={['code']}
      onSubmit={() => redeem.mutate({ params: { id: customerId }, body: { code } })}
      onClose={onClose}
    >
      <TextInput
        label={t('code')}
        description={t('codeHelp')}
        required
        autoComplete="off"
        data-autofocus
        ff="monospace"
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
        error={issueOf(redeem.error, 'code')}
      />
    </FormDialog>
  );
}
