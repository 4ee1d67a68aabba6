import { Notification, createTheme, type MantineColorsTuple } from '@mantine/core';

/** From the mark's green; the seventh meets 4.5:1 on white, the fifth on the dark ground. */
const green: MantineColorsTuple = [
  '#e6f7f2',
  '#cdebe2',
  '#9cd8c6',
  '#68c4a8',
  '#3eb490',
  '#22a47e',
  '#118468',
  '#0b6b57',
  '#065a48',
  '#004936',
];

const amber: MantineColorsTuple = [
  '#fff8e1',
  '#ffefcb',
  '#ffdd9a',
  '#ffd166',
  '#ffbb3b',
  '#f0a51d',
  '#b87700',
  '#945f00',
  '#7a4e00',
  '#603d00',
];

/** From the seventh on white letters on it have 4.5:1: buttons that end or remove something. */
const red: MantineColorsTuple = [
  '#fff5f5',
  '#ffe3e3',
  '#ffc9c9',
  '#ffa8a8',
  '#ff8787',
  '#ff6b6b',
  '#e03131',
  '#d32f2f',
  '#c92a2a',
  '#b02525',
];

/** Greys with a little of the green. */
const dark: MantineColorsTuple = [
  '#dfe6e4',
  '#c3cccb',
  '#9eabab',
  '#6f7d7f',
  '#455053',
  '#363f42',
  '#2a3235',
  '#1d2326',
  '#14181a',
  '#0e1112',
];

export const theme = createTheme({
  primaryColor: 'green',
  primaryShade: { light: 7, dark: 6 },
  colors: { green, amber, red, dark },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  headings: { fontWeight: '650' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  components: {
    // The button has a picture only.
    Notification: Notification.extend({ defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } }),
  },
});
