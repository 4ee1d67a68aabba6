import { ATTR } from '@turnpike/radius/attributes.js';
import { integerAttr } from '@turnpike/radius/value-codec.js';
import { durationMs } from '../router/duration.js';
import { ClientSession, identityAttributes } from './client-session.js';
import { type Grant, grantOf, NOTHING_GRANTED } from './grant.js';
import { type Attachment, insertActiveRow, insertQueueRow, type OwnedRow } from './hotspot-rows.js';
import { chapAttributes, type Credentials, type LoginResult, type NasCore } from './nas-core.js';
import { appetite } from './session-counters.js';

const HOTSPOT_SESSIONS = 0x80000000;
const LOGIN_USER = 1;
const PORT_TYPES: Readonly<Record<string, number>> = { ethernet: 15, cable: 17, 'wireless-802.11': 19 };

type Props = Readonly<Record<string, string>>;

/** A device in the network of a hotspot, as its login sees it. */
export interface JoinedDevice {
  readonly mac: string;
  readonly joined: Attachment;
  /** False once it has left, or joined anew. */
  isStillThere(): boolean;
  isOnline(): boolean;
  /** `rows` makes the rows of the session, once the device counts as online. */
  started(session: ClientSession, rows: () => readonly OwnedRow[]): void;
  ended(sessionId: string, cause: number): void;
}

interface Login {
  readonly username: string;
  readonly sessionId: string;
  /** Of the hotspot. */
  readonly profile: Props;
  readonly grant: Grant;
  readonly fromRadius: boolean;
  /** What the router shows of how it was done. */
  readonly way: string;
}

const refused = (message: string): LoginResult => ({ online: false, message });

/** The profile of the hotspot that a device is in. */
export function hotspotProfile({ state }: NasCore, joined: Attachment | undefined): Props {
  return state.byName('/ip/hotspot/profile', joined?.hotspot.props['profile'] ?? '')?.props ?? {};
}

export function loginWays(profile: Props): string[] {
  return (profile['login-by'] ?? '').split(',');
}

/** Logs a device in `way`, which is one of the hotspot's: by a user of the router's own, else by RADIUS. */
export async function logInToHotspot(
  core: NasCore,
  device: JoinedDevice,
  { username, password }: Credentials,
  way: string,
): Promise<LoginResult> {
  const profile = hotspotProfile(core, device.joined);
  if (isLocalUser(core, username, password)) {
    const sessionId = core.nextSessionId(HOTSPOT_SESSIONS);
    start(core, device, { username, sessionId, profile, grant: NOTHING_GRANTED, fromRadius: false, way });
    return { online: true, message: '' };
  }
  if (profile['use-radius'] !== 'true' || !core.radius.serves('hotspot')) {
    return refused('invalid username or password');
  }
  const sessionId = core.nextSessionId(HOTSPOT_SESSIONS);
  const chap = way !== 'mac' && loginWays(profile).includes('http-chap');
  const signal = core.signal();
  const answer = await core.radius
    .ask({
      service: 'hotspot',
      attributes: [
        ...identity(device, username, sessionId, profile),
        integerAttr(ATTR.SERVICE_TYPE, LOGIN_USER),
        ...(chap ? chapAttributes(password) : []),
      ],
      ...(chap ? {} : { password: Buffer.from(password, 'utf8') }),
      signal,
    })
    .catch(() => ({ kind: 'no-answer' as const }));
  if (answer.kind === 'no-answer') return refused('RADIUS server is not responding');
  const reply = answer.packet.text(ATTR.REPLY_MESSAGE);
  if (answer.kind === 'reject') return refused(reply ?? 'invalid username or password');
  if (!device.isStillThere() || signal.aborted) return refused('the network went away');
  if (device.isOnline()) return { online: true, message: 'already logged in' };
  const shown = way === 'mac' ? 'mac' : chap ? 'http-chap' : 'http-pap';
  const grant = grantOf(answer.packet);
  const login = { username, sessionId, profile, grant, fromRadius: true, way: shown };
  return admit(core, device, login, reply ?? '');
}

function isLocalUser({ state }: NasCore, username: string, password: string): boolean {
  const user = state.byName('/ip/hotspot/user', username);
  if (user === undefined || user.props['disabled'] === 'true') return false;
  return (user.props['password'] ?? '') === password;
}

function identity({ mac, joined }: JoinedDevice, username: string, sessionId: string, profile: Props) {
  const hotspot = joined.hotspot.props;
  return identityAttributes({
    username,
    mac,
    address: joined.address,
    sessionId,
    calledStation: hotspot['name'] ?? 'hotspot1',
    portId: hotspot['interface'] ?? 'bridge',
    portType: PORT_TYPES[profile['nas-port-type'] ?? ''] ?? 19,
    hotspot: true,
  });
}

/** Accepted by RADIUS, but no more sessions at once than the router or the reply allows. */
function admit(core: NasCore, device: JoinedDevice, login: Login, reply: string): LoginResult {
  const { state, sessions } = core;
  const { username, grant } = login;
  const profile = userProfile(core, grant);
  const allowed = grant.portLimit ?? Number(profile['shared-users'] ?? '1');
  const others = [...sessions.values()].filter(
    (one) => one.identity.service === 'hotspot' && one.identity.username === username,
  ).length;
  if (profile['shared-users'] !== 'unlimited' && others >= allowed) {
    state.log('hotspot,info,debug', `${username} (${device.joined.address}): login failed: no more sessions allowed`);
    return refused(`no more sessions are allowed for user ${username}`);
  }
  start(core, device, login);
  return { online: true, message: reply };
}

function userProfile({ state }: NasCore, grant: Grant): Props {
  const row =
    state.byName('/ip/hotspot/user/profile', grant.group ?? 'default') ??
    state.byName('/ip/hotspot/user/profile', 'default');
  return row?.props ?? {};
}

function start(core: NasCore, device: JoinedDevice, login: Login): void {
  const { state, radius, sessions } = core;
  const { username, sessionId, profile, grant, fromRadius, way } = login;
  const ofUser = userProfile(core, grant);
  const interim = profile['radius-interim-update'] ?? 'received';
  const interimMs = interim === 'received' ? seconds(grant.interimSeconds) : durationMs(interim);
  const { address, hotspot } = device.joined;
  const session = new ClientSession({
    state,
    radius,
    grant: { ...grant, rateLimit: grant.rateLimit ?? ofUser['rate-limit'] },
    identity: {
      service: 'hotspot',
      username,
      mac: device.mac,
      address,
      sessionId,
      attributes: identity(device, username, sessionId, profile),
    },
    appetite: appetite(state.seed, device.mac),
    accounting: fromRadius && profile['radius-accounting'] !== 'false',
    interimMs: interimMs === 0 ? undefined : interimMs,
    idleMs: seconds(grant.idleTimeoutSeconds) ?? durationMs(ofUser['idle-timeout'] ?? 'none'),
    signal: core.signal(),
    onEnd: (cause) => device.ended(sessionId, cause),
  });
  sessions.set(sessionId, session);
  const server = hotspot.props['name'] ?? '';
  const queue = { name: `<hotspot-${username}>`, target: `${address}/32` };
  device.started(session, () => [
    insertActiveRow(state, session, { server, way, fromRadius }),
    ...insertQueueRow(state, session, queue),
  ]);
  state.log('hotspot,info,debug', `${username} (${address}): logged in`);
}

const seconds = (value: number | undefined): number | undefined => (value === undefined ? undefined : value * 1000);
