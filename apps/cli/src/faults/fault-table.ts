import type { Fault } from './fault.js';
import { SELLING_FAULTS } from './selling-faults.js';

/**
 * R: the RADIUS processes, A: sessions and accounting, D: the stores and the queue, then what sells. A row is added together
 * with the part that has to stand it; every row needs a test.
 */
export const FAULTS: readonly Fault[] = [
  {
    id: 'R1',
    fault: 'a RADIUS process is killed under load',
    required: 'it answers again within 2 s, nothing acknowledged is lost, and a retransmission gets its answer',
  },
  {
    id: 'R2',
    fault: 'a new version is rolled out',
    required: 'the old process drains while the new one listens: no request stays unanswered',
  },
  {
    id: 'R3',
    fault: 'the process stands still for a second',
    required: 'a receive buffer of at least 4 MiB holds what arrives; what the kernel dropped is counted and exported',
  },
  {
    id: 'R4',
    fault: 'packets that no RFC allows',
    required:
      'dropped without a word within a millisecond, counted by reason and NAS; nothing throws, nothing invalid is accepted',
  },
  {
    id: 'R5',
    fault: 'forged authenticators',
    required: 'never believed, whatever the bytes; more than ten a minute from one NAS raise an alarm',
  },
  {
    id: 'R6',
    fault: 'a man in the middle bends unsigned packets (CVE-2024-3596)',
    required:
      'signatures are demanded per NAS (always, never, once learned), Proxy-State without one is dropped, and every Access reply begins with its signature',
  },
  {
    id: 'R7',
    fault: 'packets from sources that are no NAS',
    required: 'dropped before they are read, logged at a limited rate, not answered',
  },
  {
    id: 'R8',
    fault: 'an Access-Request is sent again by a listener',
    required:
      'within 30 s it gets the reply it got, and no second session; later it stands before signature and session limit like any other',
  },
  {
    id: 'R9',
    fault: 'accounting is sent again by a listener',
    required: 'changes nothing, however often and however late',
  },
  {
    id: 'R10',
    fault: 'a NAS asks again while its request is in work',
    required: 'worked on once, also when the copy reaches another process; once answered the same bytes are sent again',
  },
  {
    id: 'R11',
    fault: 'an identifier is used for a new request',
    required: 'the new request is worked on, the old reply forgotten',
  },
  {
    id: 'R12',
    fault: 'one NAS floods the service',
    required: 'it is held to its rate, and the others are answered as fast as before',
  },
  {
    id: 'R13',
    fault: 'a RADIUS secret is changed',
    required: 'old and new one are valid until the router uses the new one; nobody is refused, nothing is restarted',
  },
  {
    id: 'R14',
    fault: 'a router has the wrong secret',
    required: "shown as such; the noise its passwords turn into is nobody's failed login",
  },
  {
    id: 'R15',
    fault: 'a visitor adds attributes through the login page',
    required: 'what may come once is refused when it comes twice, and only what the NAS itself sets identifies anybody',
  },
  {
    id: 'R16',
    fault: 'user names of any bytes: long, with NUL, not UTF-8, SQL, spaces',
    required: 'kept byte for byte, two names are never taken for one, and none reaches a query or key as syntax',
  },
  {
    id: 'R17',
    fault: 'an internal error, or both stores are away',
    required: 'no reply, so that the NAS asks again or elsewhere; never an Access-Reject',
  },
  {
    id: 'R18',
    fault: 'Status-Server',
    required: 'answered when it is signed and the port can do its work, otherwise not',
  },
  {
    id: 'R19',
    fault: 'an exception nobody handled',
    required:
      'one of a request is logged and counted and costs that request; one of the process ends it, and it is started again',
  },

  { id: 'A1', fault: 'the same accounting packet several times', required: 'counted once' },
  { id: 'A2', fault: 'Start, interims and Stop in any order', required: 'lead to the same session' },
  {
    id: 'A3',
    fault: 'counters pass 2^32',
    required: 'bytes are exact with Gigawords, and without them where a fall of the counter can only be a wrap',
  },
  {
    id: 'A4',
    fault: 'a NAS restarts',
    required: 'its open sessions end where they were last heard of; a Stop that comes later may still add bytes',
  },
  {
    id: 'A5',
    fault: 'a NAS uses session ids again after a restart',
    required: 'two sessions never become one: the Class of each Accept tells them apart',
  },
  {
    id: 'A6',
    fault: 'the Stop is lost, or the NAS is dead',
    required: 'the session counts up to its last interim, and its place is free after at most three of them',
  },
  {
    id: 'A7',
    fault: "a NAS's clock is wrong, or its delay",
    required: 'beyond 300 s our own time counts; durations come from Acct-Session-Time and are never negative',
  },
  {
    id: 'A8',
    fault: 'the clock of the server jumps',
    required: 'ends of access follow the clock of the database, waits a clock that only runs forward',
  },
  { id: 'A9', fault: 'many devices log in at the same moment', required: 'exactly as many as are allowed get in' },
  {
    id: 'A10',
    fault: 'access ends while somebody is online',
    required:
      'Disconnect-Request with growing waits and the same bytes, then the API of the router, then an alarm; gone only what is proven to be gone',
  },
  {
    id: 'A11',
    fault: 'a change of rate is lost',
    required: 'ordered again every minute until the router has acknowledged it',
  },
  {
    id: 'A12',
    fault: 'nothing is left of a limit',
    required: 'a limit of zero is never sent, as routers read it as none: the login is refused',
  },
  {
    id: 'A13',
    fault: 'PostgreSQL is away for ten minutes',
    required:
      'known customers get in, accounting is acknowledged once it is durable, and all of it is in the ledger afterwards',
  },
  { id: 'A14', fault: 'a record that cannot be stored', required: 'set aside after five tries, and the others go on' },

  { id: 'D1', fault: 'the durable Redis is killed', required: 'nothing acknowledged is lost' },
  {
    id: 'D2',
    fault: 'Redis hangs',
    required: 'a command gives up within 150 ms, soon none is tried, and the work goes on with PostgreSQL',
  },
  {
    id: 'D3',
    fault: 'a Redis that evicts or keeps no file',
    required: 'no process starts with it, and each says what to change',
  },
  {
    id: 'D4',
    fault: 'Redis is full',
    required: 'logins go on, accounting goes to PostgreSQL, and an alarm comes at 80 %',
  },
  {
    id: 'D5',
    fault: 'the disk is full',
    required: 'nothing acknowledged is lost, and it mends itself once there is room',
  },
  {
    id: 'D6',
    fault: 'Redis has lost everything',
    required: 'it is filled again from PostgreSQL, and logins are right meanwhile',
  },
  {
    id: 'D7',
    fault: 'another Redis takes over',
    required: 'what it has not got is found in PostgreSQL or asked for again; what is not certain is documented',
  },
  {
    id: 'D8',
    fault: 'PostgreSQL is killed',
    required: 'nothing committed is lost, and every process is back at work within 5 s by itself',
  },
  {
    id: 'D9',
    fault: 'PostgreSQL hangs, or its connections are used up',
    required: 'work fails within its limit instead of piling up',
  },
  { id: 'D10', fault: 'a deadlock or a failed serialization', required: 'tried again, three times at most' },
  { id: 'D11', fault: 'a worker is killed in the middle of a job', required: 'another one takes the job within 15 s' },
  {
    id: 'D12',
    fault: 'a worker that was given up comes back',
    required: 'its token is old, and nothing it still writes has an effect',
  },
  { id: 'D13', fault: 'a job is added twice', required: 'its effect happens once' },
  {
    id: 'D14',
    fault: 'Redis is away while a job is ordered',
    required: 'the order is stored with the change it belongs to, and nobody waits',
  },
  { id: 'D15', fault: 'a crash between the change and its job', required: 'the job is added later' },

  ...SELLING_FAULTS,
];
