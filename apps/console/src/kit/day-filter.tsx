import { Flex, TextInput } from '@mantine/core';

interface Props {
  readonly label: string;
  /** `2026-11-23`, empty: none. */
  readonly value: string;
  readonly onChange: (day: string) => void;
}

/** A day to filter by, in the operator's zone; the browser's own calendar. */
export function DayFilter({ label, value, onChange }: Props) {
  return (
    <TextInput
      type="date"
      aria-label={label}
      leftSection={<span aria-hidden>{label}</span>}
      leftSectionWidth={64}
      leftSectionProps={{ style: { fontSize: 12, color: 'var(--mantine-color-dimmed)' } }}
      w={{ base: '100%', xs: 200 }}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

interface DaysProps {
  readonly labels: { readonly from: string; readonly to: string };
  readonly from: string;
  readonly to: string;
  readonly onChange: (change: { from?: string; to?: string }) => void;
}

/** The first and the last day, which stay side by side. */
export function DaysFilter({ labels, from, to, onChange }: DaysProps) {
  return (
    <Flex gap="sm" direction={{ base: 'column', xs: 'row' }} w={{ base: '100%', xs: 'auto' }}>
      <DayFilter label={labels.from} value={from} onChange={(day) => onChange({ from: day })} />
      <DayFilter label={labels.to} value={to} onChange={(day) => onChange({ to: day })} />
    </Flex>
  );
}
