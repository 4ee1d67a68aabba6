import { ScrollArea, SegmentedControl } from '@mantine/core';

interface Props<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly choices: readonly { readonly value: Value; readonly label: string }[];
  readonly onChange: (value: Value) => void;
}

/** A few choices that exclude each other, side by side; where there is no room for them they can be pushed. */
export function Choices<Value extends string>({ label, value, choices, onChange }: Props<Value>) {
  return (
    <ScrollArea type="never">
      <SegmentedControl aria-label={label} value={value} onChange={onChange} data={[...choices]} />
    </ScrollArea>
  );
}
