import { Alert, Text } from '@mantine/core';
import type { Permission } from '@turnpike/contracts/permissions.js';
import { useMe } from '../session/session.js';
import { useWords } from '../words/use-words.js';
import { kitWords } from './kit-words.js';

/** In place of a part of a page that the operator may not read. */
export function NotAllowed({ permission }: { permission: Permission }) {
  const t = useWords(kitWords);
  const { role } = useMe();
  return (
    <Alert color="gray">
      <Text size="sm">{t('notAllowed', { role, permission })}</Text>
    </Alert>
  );
}
