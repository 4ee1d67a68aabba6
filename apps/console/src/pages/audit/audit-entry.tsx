import { Anchor, Collapse, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { AuditEntryView } from '@turnpike/contracts/audit.js';
import { RowLink } from '../../kit/row-link.js';
import { useWords } from '../../words/use-words.js';
import { actionText } from './action-text.js';
import { actionWords } from './action-words.js';
import { auditWords } from './audit-words.js';
import { changesOf } from './changes-of.js';
import { subjectPage } from './subject-page.js';

/** What happened, with what was changed below it once it is asked for. */
export function AuditEntry({ entry }: { entry: AuditEntryView }) {
  const t = useWords(auditWords);
  const verb = useWords(actionWords);
  const [isOpen, { toggle }] = useDisclosure(false);
  const page = subjectPage(entry.subjectType, entry.subjectId);
  return (
    <div>
      <Text size="sm" component="div">
        {actionText(entry.action, t, verb)}{' '}
        <Anchor component="button" type="button" size="xs" aria-expanded={isOpen} onClick={toggle}>
          {t(isOpen ? 'hide' : 'show')}
        </Anchor>
      </Text>
      <Collapse expanded={isOpen}>
        <Changes entry={entry} />
        <Text size="xs" c="dimmed" mt={4} component="div">
          {t('address')} {entry.subjectId}
          {page === undefined ? null : (
            <>
              {' · '}
              <RowLink to={page}>{t('open')}</RowLink>
            </>
          )}
          {entry.requestId === null ? null : ` · ${t('request')} ${entry.requestId}`}
        </Text>
      </Collapse>
    </div>
  );
}

function Changes({ entry }: { entry: AuditEntryView }) {
  const t = useWords(auditWords);
  const changes = changesOf(entry.details);
  if (changes.length === 0) {
    return (
      <Text size="xs" c="dimmed" mt={4}>
        {t('noDetails')}
      </Text>
    );
  }
  const hasBefore = changes.some(({ before }) => before !== undefined);
  return (
    <Table withTableBorder mt={6} fz="xs" verticalSpacing={4} maw={720} style={{ overflowWrap: 'anywhere' }}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('field')}</Table.Th>
          {hasBefore ? <Table.Th>{t('before')}</Table.Th> : null}
          <Table.Th>{t('after')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {changes.map(({ field, before, after }) => (
          <Table.Tr key={field}>
            <Table.Td>{field}</Table.Td>
            {hasBefore ? <Table.Td>{before ?? t('nothing')}</Table.Td> : null}
            <Table.Td>{after}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
