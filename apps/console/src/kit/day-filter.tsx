import { TextInput } from '@mantine/core';

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
      title={label}
      leftSection={
        <span className="day-label" aria-hidden>
          {label}
        </span>
      }
      leftSectionWidth={60}
      leftSectionProps={{ style: { fontSize: 12, color: 'var(--mantine-color-dimmed)' } }}
      w={{ base: '100%', xs: 200 }}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
