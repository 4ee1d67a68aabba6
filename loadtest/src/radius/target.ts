import type { Customers } from './customers.js';

/** A RADIUS service to be measured, ours or another's, and whom it knows. */
export interface RadiusTarget {
  readonly host: string;
  readonly authPort: number;
  readonly acctPort: number;
  /** Source address and secret of the NAS that asks. */
  readonly nasAddress: string;
  readonly secret: string;
  readonly customers: Customers;
}

export type Say = (line: string) => void;
