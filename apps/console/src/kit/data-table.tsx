import { Button, Card, Center, Checkbox, Skeleton, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Pages } from '../api/use-endpoint.js';
import { useWords } from '../words/use-words.js';
import { kitWords } from './kit-words.js';
import { Refusal } from './refusal.js';

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  readonly render: (row: Row) => ReactNode;
  /** Figures stand at the right. */
  readonly align?: 'left' | 'right';
  /** Not shown on screens narrower than this. */
  readonly from?: 'xs' | 'sm' | 'md' | 'lg' | 'xl';
  readonly width?: number | string;
}

interface Selection {
  readonly ids: ReadonlySet<string>;
  readonly onChange: (ids: ReadonlySet<string>) => void;
}

interface Props<Row> {
  /** Said to screen readers. */
  readonly caption: string;
  readonly pages: Pages<Row>;
  readonly columns: readonly Column<Row>[];
  readonly idOf: (row: Row) => string;
  readonly nameOf?: (row: Row) => string;
  /** Shown when there is no row: an `EmptyState` with the next step. */
  readonly empty: ReactNode;
  readonly selection?: Selection;
}

const ROW_HEIGHT = 44;
const SKELETONS = Array.from({ length: 8 }, (_, index) => index);

/** A list by pages. Rows keep their height while they load, so that nothing jumps. */
export function DataTable<Row>({ caption, pages, columns, idOf, nameOf = idOf, empty, selection }: Props<Row>) {
  const t = useWords(kitWords);
  const { items, error, hasMore, isFetching, more, again } = pages;
  if (items === undefined && error !== null) return <Refusal problem={error} again={again} />;
  if (items?.length === 0) return <Card withBorder>{empty}</Card>;
  const ids = items?.map(idOf) ?? [];
  return (
    <Card withBorder padding={0}>
      <Table.ScrollContainer minWidth={0} type="native">
        <Table highlightOnHover verticalSpacing={6} horizontalSpacing="md" aria-busy={items === undefined}>
          <caption hidden>{caption}</caption>
          <Table.Thead>
            <Table.Tr>
              {selection === undefined ? null : <SelectAll ids={ids} selection={selection} />}
              {columns.map((column) => (
                <Table.Th key={column.key} ta={column.align} w={column.width} visibleFrom={column.from} scope="col">
                  <Text size="xs" c="dimmed" fw={600} span>
                    {column.title}
                  </Text>
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items === undefined
              ? SKELETONS.map((index) => (
                  <Waiting key={index} columns={columns} isSelectable={selection !== undefined} />
                ))
              : items.map((row) => (
                  <Table.Tr key={idOf(row)} h={ROW_HEIGHT}>
                    {selection === undefined ? null : (
                      <SelectOne id={idOf(row)} name={nameOf(row)} selection={selection} />
                    )}
                    {columns.map((column) => (
                      <Table.Td
                        key={column.key}
                        ta={column.align}
                        visibleFrom={column.from}
                        className={column.align === 'right' ? 'figures' : undefined}
                      >
                        {column.render(row)}
                      </Table.Td>
                    ))}
                  </Table.Tr>
                ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {error === null ? null : <Refusal problem={error} again={again} />}
      {hasMore ? (
        <Center p="sm">
          <Button variant="default" onClick={more} loading={isFetching}>
            {t('more')}
          </Button>
        </Center>
      ) : null}
    </Card>
  );
}

function Waiting<Row>({ columns, isSelectable }: { columns: readonly Column<Row>[]; isSelectable: boolean }) {
  return (
    <Table.Tr h={ROW_HEIGHT}>
      {isSelectable ? <Table.Td w={40} /> : null}
      {columns.map((column) => (
        <Table.Td key={column.key} visibleFrom={column.from}>
          <Skeleton h={14} />
        </Table.Td>
      ))}
    </Table.Tr>
  );
}

function SelectAll({ ids, selection }: { ids: readonly string[]; selection: Selection }) {
  const t = useWords(kitWords);
  const chosen = ids.filter((id) => selection.ids.has(id)).length;
  return (
    <Table.Th w={40}>
      <Checkbox
        aria-label={t('selectAll')}
        checked={ids.length > 0 && chosen === ids.length}
        indeterminate={chosen > 0 && chosen < ids.length}
        onChange={(event) => selection.onChange(new Set(event.currentTarget.checked ? ids : []))}
      />
    </Table.Th>
  );
}

function SelectOne({ id, name, selection }: { id: string; name: string; selection: Selection }) {
  const t = useWords(kitWords);
  return (
    <Table.Td>
      <Checkbox
        aria-label={t('selectOne', { name })}
        checked={selection.ids.has(id)}
        onChange={(event) => {
          const ids = new Set(selection.ids);
          if (event.currentTarget.checked) ids.add(id);
          else ids.delete(id);
          selection.onChange(ids);
        }}
      />
    </Table.Td>
  );
}
