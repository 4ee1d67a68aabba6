/** What we compare of a record in the ledger. */
export interface RecordBody {
  readonly kind: string;
  readonly acctSessionId: string;
  readonly username: string;
  readonly framedIpAddress: string | null;
  readonly callingStationId: string | null;
  readonly sessionSeconds: number;
  readonly inputOctets: string;
  readonly outputOctets: string;
  readonly terminateCause: number | null;
}

const FORMAT = 2;
const PLACES = 22;

/** Reads `accounting_record.body`: an array in format 2, see its writer. Throws on anything else. */
export function readRecordBody(value: unknown): RecordBody {
  if (!Array.isArray(value) || value[0] !== FORMAT || value.length !== PLACES) {
    throw new TypeError(`a record of a format that this check does not know: ${JSON.stringify(value)}`);
  }
  const places: readonly unknown[] = value;
  return {
    kind: text(places[3]),
    acctSessionId: text(places[11]),
    username: text(places[12]),
    framedIpAddress: places[13] === null ? null : text(places[13]),
    callingStationId: places[14] === null ? null : text(places[14]),
    sessionSeconds: Number(places[17]),
    inputOctets: text(places[18]),
    outputOctets: text(places[19]),
    terminateCause: places[21] === null ? null : Number(places[21]),
  };
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`${JSON.stringify(value)} where a text belongs`);
  return value;
}
