/** A way in which the system is hurt, and what it has to do then. */
export interface Fault {
  /** Carried by the names of its tests: `R6: drops ...`. */
  readonly id: string;
  readonly fault: string;
  readonly required: string;
}
