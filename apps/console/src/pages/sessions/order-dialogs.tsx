import { Button, Group, Modal, NumberInput, ScrollArea, Stack } from '@mantine/core';
import type { SessionView } from '@turnpike/contracts/sessions.js';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Confirm } from '../../kit/confirm.js';
import { useMakeOld } from '../../kit/use-make-old.js';
import { useWords } from '../../words/use-words.js';
import { giveOrders, type Order } from './give-orders.js';
import { OrderOutcome, type GivenOrder } from './order-outcome.js';
import { sessionsWords } from './sessions-words.js';

interface Props {
  readonly kind: Order['kind'];
  readonly sessions: readonly SessionView[];
  readonly onClose: () => void;
}

const USUAL_DOWN = 2_000;
const USUAL_UP = 1_000;

/** Asks, gives the orders, and stays to show what each router answered. */
export function OrderDialog({ kind, sessions, onClose }: Props) {
  const t = useWords(sessionsWords);
  const makeOld = useMakeOld();
  const [down, setDown] = useState<number | string>(USUAL_DOWN);
  const [up, setUp] = useState<number | string>(USUAL_UP);
  // The list goes on changing below: the question stays about those that were chosen.
  const [chosen] = useState(sessions);
  const give = useMutation({
    mutationFn: (order: Order) => giveOrders(chosen, order),
    onSettled: () => makeOld('sessions'),
  });
  const count = chosen.length;
  if (give.data !== undefined) return <Outcomes orders={give.data} onClose={onClose} />;
  if (kind === 'disconnect') {
    return (
      <Confirm
        isOpen
        isDangerous
        onClose={onClose}
        title={t('disconnectTitle', { count })}
        consequences={t('disconnectWhat')}
        verb={t('disconnectMany', { count })}
        isBusy={give.isPending}
        onConfirm={() => give.mutate({ kind: 'disconnect' })}
      />
    );
  }
  return (
    <Confirm
      isOpen
      onClose={onClose}
      title={t('changeRateTitle', { count })}
      consequences={t('changeRateWhat')}
      verb={t('changeRate')}
      isBusy={give.isPending}
      onConfirm={() => {
        if (typeof down === 'number' && typeof up === 'number')
          give.mutate({ kind: 'rate', downKbps: down, upKbps: up });
      }}
    >
      <Group grow>
        <NumberInput label={t('downKbps')} min={1} allowDecimal={false} value={down} onChange={setDown} required />
        <NumberInput label={t('upKbps')} min={1} allowDecimal={false} value={up} onChange={setUp} required />
      </Group>
    </Confirm>
  );
}

function Outcomes({ orders, onClose }: { orders: readonly GivenOrder[]; onClose: () => void }) {
  const t = useWords(sessionsWords);
  return (
    <Modal opened onClose={onClose} title={t('outcomes')} centered size="lg">
      <Stack>
        <ScrollArea.Autosize mah="50vh" type="auto">
          <Stack gap="sm" aria-live="polite">
            {orders.map((order) => (
              <OrderOutcome key={order.session.id} order={order} />
            ))}
          </Stack>
        </ScrollArea.Autosize>
        <Group justify="flex-end">
          <Button onClick={onClose}>{t('close')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
