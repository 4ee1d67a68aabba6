import { ATTR, type Attribute } from '@turnpike/radius/attributes.js';
import { integerAttr, ipv4Attr } from '@turnpike/radius/value-codec.js';
import { durationMs, printDuration } from '../router/duration.js';
import { isRunning } from '../router/hotspot-state.js';
import { parseRange } from '../router/ipv4-text.js';
import type { RouterState } from '../router/router-state.js';
import type { Row } from '../router/table.js';
import { ClientSession, identityAttributes } from './client-session.js';
import { type Grant, grantOf } from './grant.js';
import { chapAttributes, freeAddress, type NasCore, poolAddressesTaken } from './nas-core.js';
import { msChap2Login } from './mschap2-client.js';
import type { Accepted } from './nas-radius.js';
import { insertQueueRow } from './hotspot-rows.js';
import { appetite } from './session-counters.js';

const PPP_SESSIONS = 0x81000000;
const ETHERNET = 15;
const FRAMED_USER = 2;
const PPP = 1;

export type PppMethod = 'pap' | 'chap' | 'mschap2';

export interface Dialling {
  readonly username: string;
  readonly password: string;
  /** The strongest that the server offers, unless told. */
  readonly method?: PppMethod | undefined;
}

export interface Dialled {
  readonly session: ClientSession | undefined;
  readonly message: string;
  readonly rows: readonly { readonly path: string; readonly id: string }[];
}

const refused = (message: string): Dialled => ({ session: undefined, message, rows: [] });

function runningServer(state: RouterState): Row | undefined {
  return state
    .table('/interface/pppoe-server/server')
    .rows.find((row) => row.props['disabled'] !== 'true' && isRunning(state, row.props['interface'] ?? ''));
}

function remoteAddress(state: RouterState, profile: Row | undefined, grant: Grant): string | undefined {
  if (grant.framedIpAddress !== undefined) return grant.framedIpAddress;
  const pool = state.byName('/ip/pool', profile?.props['remote-address'] ?? '');
  const ranges = (pool?.props['ranges'] ?? '')
    .split(',')
    .map(parseRange)
    .filter((range) => range !== undefined);
  return freeAddress(ranges, poolAddressesTaken(state));
}

/** What a client and the server agree on: the strongest that both know. */
function methodOf(server: Readonly<Record<string, string>>, wanted: PppMethod | undefined): PppMethod | undefined {
  const offered = (server['authentication'] ?? '').split(',');
  const known: readonly PppMethod[] = wanted === undefined ? ['mschap2', 'chap', 'pap'] : [wanted];
  return known.find((method) => offered.includes(method));
}

interface Proof {
  readonly attributes: readonly Attribute[];
  readonly password?: Buffer;
  objection(accept: Accepted, encrypted: boolean): string | undefined;
}

function proofOf(method: PppMethod, { username, password }: Dialling): Proof {
  const none = (): undefined => undefined;
  if (method === 'pap') return { attributes: [], password: Buffer.from(password, 'utf8'), objection: none };
  if (method === 'chap') return { attributes: chapAttributes(password), objection: none };
  const login = msChap2Login(username, password);
  return {
    attributes: login.attributes,
    objection: (accept, encrypted) => login.objection({ ...accept, encrypted }),
  };
}

/** A PPPoE client of the first running server; with MS-CHAPv2 it checks what the RADIUS server proves and sends. */
export async function dialPppoe(
  core: NasCore,
  mac: string,
  credentials: Dialling,
  onEnd: (sessionId: string, cause: number) => void,
): Promise<Dialled> {
  const { state, radius } = core;
  const server = runningServer(state)?.props;
  if (server === undefined) return refused('no PPPoE server answers');
  if (state.settings('/ppp/aaa')['use-radius'] !== 'true' || !radius.serves('ppp'))
    return refused('authentication failed');
  const method = methodOf(server, credentials.method);
  if (method === undefined) return refused('could not agree on an authentication protocol');
  const proof = proofOf(method, credentials);
  const sessionId = core.nextSessionId(PPP_SESSIONS);
  const attributes = identityAttributes({
    username: credentials.username,
    mac,
    address: '',
    sessionId,
    calledStation: server['service-name'] || 'pppoe',
    portId: server['interface'] ?? '',
    portType: ETHERNET,
    hotspot: false,
  });
  const framed = [integerAttr(ATTR.SERVICE_TYPE, FRAMED_USER), integerAttr(ATTR.FRAMED_PROTOCOL, PPP)];
  const answer = await radius
    .ask({
      service: 'ppp',
      attributes: [...attributes, ...framed, ...proof.attributes],
      ...(proof.password === undefined ? {} : { password: proof.password }),
      signal: core.signal(),
    })
    .catch(() => ({ kind: 'no-answer' as const }));
  if (answer.kind === 'no-answer') return refused('RADIUS timeout');
  if (answer.kind === 'reject') return refused(answer.packet.text(ATTR.REPLY_MESSAGE) ?? 'authentication failed');
  const grant = grantOf(answer.packet);
  const profile = state.byName('/ppp/profile', grant.group ?? server['default-profile'] ?? 'default');
  const encrypted = method === 'mschap2' && ['yes', 'required'].includes(profile?.props['use-encryption'] ?? '');
  const objection = proof.objection(answer, encrypted);
  if (objection !== undefined) return refused(objection);
  const address = remoteAddress(state, profile, grant);
  if (address === undefined) return refused('could not determine remote address');
  return connect(
    core,
    { mac, username: credentials.username, sessionId, address, grant, attributes, framed, server, encrypted },
    onEnd,
  );
}

interface Connection {
  readonly mac: string;
  readonly username: string;
  readonly sessionId: string;
  readonly address: string;
  readonly grant: Grant;
  readonly attributes: readonly Attribute[];
  readonly framed: readonly Attribute[];
  readonly server: Readonly<Record<string, string>>;
  readonly encrypted: boolean;
}

function connect(core: NasCore, link: Connection, onEnd: (sessionId: string, cause: number) => void): Dialled {
  const { state, radius } = core;
  const aaa = state.settings('/ppp/aaa');
  const fixed = durationMs(aaa['interim-update'] ?? '0s') ?? 0;
  const received = link.grant.interimSeconds === undefined ? 0 : link.grant.interimSeconds * 1000;
  const interimMs = received > 0 ? received : fixed;
  const session = new ClientSession({
    state,
    radius,
    grant: link.grant,
    identity: {
      service: 'ppp',
      username: link.username,
      mac: link.mac,
      address: link.address,
      sessionId: link.sessionId,
      attributes: [...link.attributes, ...link.framed, ipv4Attr(ATTR.FRAMED_IP_ADDRESS, link.address)],
    },
    appetite: appetite(state.seed, link.mac),
    accounting: aaa['accounting'] !== 'false',
    interimMs: interimMs === 0 ? undefined : interimMs,
    idleMs: link.grant.idleTimeoutSeconds === undefined ? undefined : link.grant.idleTimeoutSeconds * 1000,
    signal: core.signal(),
    onEnd: (cause) => onEnd(link.sessionId, cause),
  });
  core.sessions.set(link.sessionId, session);
  return { session, message: '', rows: pppRows(state, link, session) };
}

function pppRows(state: RouterState, link: Connection, session: ClientSession): { path: string; id: string }[] {
  const insert = (path: string, props: Record<string, string>): { path: string; id: string } => {
    const live = (): Record<string, string> => ({ uptime: printDuration(session.uptimeSeconds() * 1000) });
    const row = state.table(path).insert(props, { dynamic: true, live });
    state.changed({ path, verb: 'add', row });
    return { path, id: row.id };
  };
  return [
    insert('/ppp/active', {
      name: link.username,
      service: 'pppoe',
      'caller-id': link.mac,
      address: link.address,
      encoding: link.encrypted ? 'MPPE128 stateless' : '',
      'session-id': `0x${link.sessionId}`,
      radius: 'true',
    }),
    insert('/interface/pppoe-server', {
      name: `<pppoe-${link.username}>`,
      user: link.username,
      service: link.server['service-name'] ?? '',
      interface: link.server['interface'] ?? '',
      'remote-address': link.address,
      disabled: 'false',
    }),
    ...insertQueueRow(state, session, { name: `<pppoe-${link.username}>`, target: `<pppoe-${link.username}>` }),
    insert('/ip/pool/used', { pool: '', address: link.address, owner: 'PPP', info: link.username }),
  ];
}
