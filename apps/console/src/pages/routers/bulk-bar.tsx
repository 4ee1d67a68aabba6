import { Button, Card, Group, Text } from '@mantine/core';
import { MAX_BULK_ROUTERS, type BulkAction } from '@turnpike/contracts/provisioning.js';
import type { RouterView } from '@turnpike/contracts/routers.js';
import { useState } from 'react';
import { Action } from '../../kit/action.js';
import { kitWords } from '../../kit/kit-words.js';
import { useWords } from '../../words/use-words.js';
import { BulkDialog } from './bulk-dialog.js';
import { routersWords } from './routers-words.js';

/** What can be done with the routers that are selected. */
export function BulkBar({ routers, onClear }: { routers: readonly RouterView[]; onClear: () => void }) {
  const t = useWords(routersWords);
  const kit = useWords(kitWords);
  const [action, setAction] = useState<BulkAction | undefined>();
  const because = routers.length > MAX_BULK_ROUTERS ? t('tooMany', { most: MAX_BULK_ROUTERS }) : undefined;
  const offer = (offered: BulkAction, label: string) => (
    <Action
      needs="provisioning:deploy"
      because={because}
      variant="default"
      size="xs"
      onClick={() => setAction(offered)}
    >
      {label}
    </Action>
  );
  return (
    <Card withBorder padding="xs">
      <Group gap="sm">
        <Text size="sm" fw={600} role="status" px="xs">
          {kit('selected', { count: routers.length })}
        </Text>
        {offer('verify', t('bulkVerify'))}
        {offer('deploy', t('bulkDeploy'))}
        {offer('reset', t('bulkReset'))}
        <Button variant="subtle" size="xs" color="gray" onClick={onClear} ml="auto">
          {t('clearSelection')}
        </Button>
      </Group>
      {action === undefined ? null : (
        <BulkDialog action={action} routers={routers} onClose={() => setAction(undefined)} />
      )}
    </Card>
  );
}
