/** How something went on while it was measured. */
export interface Series {
  readonly name: string;
  readonly unit: string;
  /** Time between two values. */
  readonly everySeconds: number;
  /** null: there was nothing to measure. */
  readonly values: readonly (number | null)[];
  readonly atMost?: number;
}
