import { Alert, Flex, Select } from '@mantine/core';
import { Choices } from '../../kit/choices.js';
import { DaysFilter } from '../../kit/day-filter.js';
import { useWords } from '../../words/use-words.js';
import { rangeOfSpan, spanOf, spans, type Span } from './report-range.js';
import { reportWords } from './report-words.js';
import type { useRange } from './use-range.js';

interface Props {
  readonly given: ReturnType<typeof useRange>;
  /** Of the answer: what it is in, and what else there is. */
  readonly money: { readonly currency: string; readonly otherCurrencies: readonly string[] } | undefined;
}

/** Days by name or one by one; the currency where there are several. */
export function RangeFilter({ given: { range, today, change, query }, money }: Props) {
  const t = useWords(reportWords);
  const names: Record<Span, string> = {
    '7': t('last7'),
    '30': t('last30'),
    thisMonth: t('thisMonth'),
    lastMonth: t('lastMonth'),
  };
  const choices = spans.map((value) => ({ value, label: names[value] }));
  return (
    <>
      <Flex gap="sm" direction={{ base: 'column', md: 'row' }} wrap={{ base: 'nowrap', md: 'wrap' }}>
        <Choices<Span | ''>
          label={t('span')}
          value={spanOf(range, today) ?? ''}
          choices={choices}
          onChange={(span) => (span === '' ? undefined : change(rangeOfSpan(span, today)))}
        />
        <DaysFilter labels={{ from: t('from'), to: t('to') }} from={range.from} to={range.to} onChange={change} />
        {money === undefined || money.otherCurrencies.length === 0 ? null : (
          <Select
            aria-label={t('currency')}
            w={110}
            allowDeselect={false}
            data={[money.currency, ...money.otherCurrencies].sort()}
            value={money.currency}
            onChange={(currency) => change({ currency: currency ?? '' })}
          />
        )}
      </Flex>
      {query === undefined ? <Alert color="orange">{t('badRange')}</Alert> : null}
    </>
  );
}
