import { ATTR, CODE } from '@turnpike/radius/attributes.js';
import type { AccountingPlan } from './accounting-plan.js';
import type { PacketWriter } from './packet-writer.js';

export interface AccountingPackets {
  /** Writes packet `number` of the plan; gives its length. */
  write(number: number, identifier: number, into: Buffer, at: number): number;
}

const NAS_PORT_WIRELESS = 19;
const GIGAWORD_BITS = 32n;
const LOW = 0xffff_ffffn;

/** Accounting-Requests as RouterOS's HotSpot sends them. `classOf`: what the Accept of a session said, if anything. */
export function createAccountingPackets(options: {
  readonly writer: PacketWriter;
  readonly plan: AccountingPlan;
  readonly nasAddress: string;
  readonly classOf: (session: number) => Buffer | undefined;
  /** Now, ms since 1970. */
  readonly now: () => number;
}): AccountingPackets {
  const { writer, plan, classOf } = options;
  const nasAddress = addressBytes(options.nasAddress);
  const beganMs = options.now();
  return {
    write(number, identifier, into, at) {
      const facts = plan.factsOf(number);
      const token = classOf(plan.sessionOf(number));
      writer.begin(CODE.ACCOUNTING_REQUEST, identifier);
      writer.integer(ATTR.ACCT_STATUS_TYPE, facts.status);
      writer.text(ATTR.USER_NAME, facts.username);
      writer.text(ATTR.ACCT_SESSION_ID, facts.acctSessionId);
      if (token !== undefined) writer.bytes(ATTR.CLASS, token);
      writer.bytes(ATTR.NAS_IP_ADDRESS, nasAddress);
      writer.text(ATTR.NAS_IDENTIFIER, 'loadtest');
      writer.integer(ATTR.NAS_PORT_TYPE, NAS_PORT_WIRELESS);
      writer.text(ATTR.NAS_PORT_ID, 'bridge1');
      writer.text(ATTR.CALLING_STATION_ID, facts.mac);
      writer.text(ATTR.CALLED_STATION_ID, 'hotspot1');
      writer.bytes(ATTR.FRAMED_IP_ADDRESS, addressBytes(facts.framedIpAddress));
      // Sessions of minutes are told in seconds: with less the beginning of a session would move with each of its packets.
      const eventMs = Math.max(options.now(), beganMs + facts.sessionSeconds * 1000);
      writer.integer(ATTR.EVENT_TIMESTAMP, Math.floor(eventMs / 1000));
      writer.integer(ATTR.ACCT_DELAY_TIME, 0);
      if (facts.kind !== 'start') {
        writer.integer(ATTR.ACCT_SESSION_TIME, facts.sessionSeconds);
        writer.integer(ATTR.ACCT_INPUT_OCTETS, Number(facts.inputOctets & LOW));
        writer.integer(ATTR.ACCT_INPUT_GIGAWORDS, Number(facts.inputOctets >> GIGAWORD_BITS));
        writer.integer(ATTR.ACCT_OUTPUT_OCTETS, Number(facts.outputOctets & LOW));
        writer.integer(ATTR.ACCT_OUTPUT_GIGAWORDS, Number(facts.outputOctets >> GIGAWORD_BITS));
      }
      if (facts.terminateCause !== null) writer.integer(ATTR.ACCT_TERMINATE_CAUSE, facts.terminateCause);
      return writer.finish(into, at);
    },
  };
}

function addressBytes(address: string): Buffer {
  return Buffer.from(address.split('.').map(Number));
}
