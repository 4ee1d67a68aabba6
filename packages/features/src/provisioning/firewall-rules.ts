import { tagged, type DesiredObject } from './desired-object.js';
import { CORE, FORWARD_CHAIN, INPUT_CHAIN, tagOf } from './ownership.js';

const FILTER = '/ip/firewall/filter';

/** Customers of one service as the firewall knows them. */
export interface ClientSide {
  readonly slug: string;
  /** Where they come in: a bridge, or the interface list that PPP puts them on. */
  readonly from: Readonly<Record<'in-interface', string>> | Readonly<Record<'in-interface-list', string>>;
  /** A network or a range. */
  readonly addresses: string;
  /** UDP and TCP ports of the router that they may reach. */
  readonly udpPorts: string;
  readonly tcpPorts: string;
}

function rule(tag: string, properties: Readonly<Record<string, string>>): DesiredObject {
  return tagged(FILTER, tag, { ...properties, disabled: 'no' });
}

/** What customers may ask of the router itself: names, addresses, the login page. Everything else of it is closed to them. */
export function inputRules(client: ClientSide): DesiredObject[] {
  const from = { chain: INPUT_CHAIN, ...client.from };
  const { slug } = client;
  return [
    rule(tagOf(slug, 'in-known'), { ...from, action: 'accept', 'connection-state': 'established,related' }),
    rule(tagOf(slug, 'in-udp'), { ...from, action: 'accept', protocol: 'udp', 'dst-port': client.udpPorts }),
    rule(tagOf(slug, 'in-tcp'), { ...from, action: 'accept', protocol: 'tcp', 'dst-port': client.tcpPorts }),
    rule(tagOf(slug, 'in-icmp'), { ...from, action: 'accept', protocol: 'icmp' }),
    rule(tagOf(slug, 'in-drop'), { ...from, action: 'drop' }),
  ];
}

/**
 * Packets of customers are accepted before a FastTrack rule sees them: a FastTracked connection passes by queues and
 * accounting, and would be neither limited nor paid for. New connections go on to the router's own rules.
 */
export function forwardRules({ slug, addresses }: ClientSide): DesiredObject[] {
  const known = { chain: FORWARD_CHAIN, action: 'accept', 'connection-state': 'established,related' };
  return [
    rule(tagOf(slug, 'fwd-from'), { ...known, 'src-address': addresses }),
    rule(tagOf(slug, 'fwd-to'), { ...known, 'dst-address': addresses }),
  ];
}

/** By source address only: traffic of the router itself and of other networks keeps its own addresses. */
export function masquerade({ slug, addresses }: ClientSide): DesiredObject {
  return tagged('/ip/firewall/nat', tagOf(slug, 'nat'), {
    chain: 'srcnat',
    action: 'masquerade',
    'src-address': addresses,
    disabled: 'no',
  });
}

/** Disconnect and CoA requests of the RADIUS server get through whatever the router's own rules say. */
export function coaRule(radiusAddress: string, port: number): DesiredObject {
  return rule(tagOf(CORE, 'coa'), {
    chain: INPUT_CHAIN,
    action: 'accept',
    protocol: 'udp',
    'src-address': radiusAddress,
    'dst-port': String(port),
  });
}

/** Where the router did not answer names for others before us, it goes on not answering anybody but customers. */
export function resolverGuard(): DesiredObject[] {
  const drop = { chain: INPUT_CHAIN, action: 'drop', 'dst-port': '53' };
  return [
    rule(tagOf(CORE, 'dns-udp'), { ...drop, protocol: 'udp' }),
    rule(tagOf(CORE, 'dns-tcp'), { ...drop, protocol: 'tcp' }),
  ];
}

/** Made after the chains they lead to, so that a half-built chain is never in use. */
export function jumps(): DesiredObject[] {
  return [
    { ...rule(tagOf(CORE, 'input'), { chain: 'input', action: 'jump', 'jump-target': INPUT_CHAIN }), first: true },
    {
      ...rule(tagOf(CORE, 'forward'), { chain: 'forward', action: 'jump', 'jump-target': FORWARD_CHAIN }),
      first: true,
    },
  ];
}
