import { sendCredentials } from '@turnpike/contracts/notifications.js';
import { useAct } from '../../api/use-act.js';
import { Confirm } from '../../kit/confirm.js';
import { useWords } from '../../words/use-words.js';
import { customersWords } from './customers-words.js';

/** Asks, and sends a customer the username and password. */
export function SendCredentials({ customerId, onClose }: { customerId: string; onClose: () => void }) {
  const t = useWords(customersWords);
  const send = useAct(sendCredentials, { says: () => t('credentialsSent'), onDone: onClose });
  return (
    <Confirm
      isOpen
      onClose={onClose}
      title={t('sendTitle')}
      consequences={t('sendWhat')}
      verb={t('sendCredentials')}
      isBusy={send.isPending}
      onConfirm={() => send.mutate({ params: { id: customerId } })}
    />
  );
}
