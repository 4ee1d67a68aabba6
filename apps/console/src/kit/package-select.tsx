import { Select } from '@mantine/core';
import { listPackages, type PackageView } from '@turnpike/contracts/packages.js';
import { moneyText } from '@turnpike/core/money.js';
import { useEndpoint } from '../api/use-endpoint.js';
import { useWords } from '../words/use-words.js';
import { soldTermsWords } from './sold-terms-words.js';
import { termsText } from './sold-terms.js';

interface Props {
  readonly label: string;
  /** Id; empty: none. */
  readonly value: string;
  readonly onChange: (id: string, chosen: PackageView | undefined) => void;
  readonly error?: string | undefined;
  readonly required?: boolean;
  /** Also those that are not on sale. */
  readonly withInactive?: boolean;
}

const MOST = 200;

/** One of the packages, with its price; what it gives is said below. */
export function PackageSelect({ value, onChange, withInactive = false, ...field }: Props) {
  const t = useWords(soldTermsWords);
  const query = { limit: MOST, ...(withInactive ? {} : { active: 'true' }) };
  const { data } = useEndpoint(listPackages, { query });
  const items = data?.items ?? [];
  const found = items.find(({ id }) => id === value);
  return (
    <Select
      {...field}
      searchable
      nothingFoundMessage={t('noPackage')}
      placeholder={t('choosePackage')}
      data={items.map(({ id, name, priceMinor, currency }) => ({
        value: id,
        label: `${name} · ${moneyText(priceMinor, currency)}`,
      }))}
      value={value === '' ? null : value}
      onChange={(id) =>
        onChange(
          id ?? '',
          items.find((item) => item.id === id),
        )
      }
      description={found === undefined ? undefined : termsText(found, t)}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
    />
  );
}
