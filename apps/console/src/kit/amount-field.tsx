import { NumberInput } from '@mantine/core';
import { minorDigits } from '@turnpike/core/money.js';
import { useState } from 'react';

interface Props {
  readonly label: string;
  readonly currency: string;
  /** In the smallest unit; undefined: nothing that can be read. */
  readonly onChange: (minor: number | undefined) => void;
  readonly description?: string;
  readonly error?: string | undefined;
  readonly allowNegative?: boolean;
  readonly required?: boolean;
  /** What stands in it at first, in the smallest unit. */
  readonly initialMinor?: number | undefined;
}

/** An amount as people write it, told in the smallest unit of its currency. */
export function AmountField({ currency, onChange, allowNegative = false, initialMinor, ...field }: Props) {
  const digits = minorDigits(currency);
  const [shown, setShown] = useState<number | string>(initialMinor === undefined ? '' : initialMinor / 10 ** digits);
  return (
    <NumberInput
      {...field}
      hideControls
      thousandSeparator=","
      decimalScale={digits}
      allowNegative={allowNegative}
      prefix={`${currency} `}
      inputMode={allowNegative ? 'text' : 'decimal'}
      value={shown}
      onChange={(value) => {
        setShown(value);
        onChange(typeof value === 'number' ? Math.round(value * 10 ** digits) : undefined);
      }}
    />
  );
}
