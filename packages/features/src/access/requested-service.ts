import { ATTR, MIKROTIK, VENDOR } from '@turnpike/radius/attributes.js';
import type { RadiusPacket } from '@turnpike/radius/packet.js';

const SERVICE_LOGIN = 1;
const SERVICE_FRAMED = 2;
const FRAMED_PPP = 1;
const PORT_WIRELESS_802_11 = 19;

/**
 * The service that a RouterOS NAS asks for: PPP sends Service-Type Framed and Framed-Protocol PPP, HotSpot sends
 * Service-Type Login or its own Mikrotik-Host-IP (RouterOS manual, RADIUS). Undefined when nothing tells.
 */
export function requestedService(packet: RadiusPacket): 'hotspot' | 'pppoe' | undefined {
  const serviceType = packet.integer(ATTR.SERVICE_TYPE);
  if (packet.integer(ATTR.FRAMED_PROTOCOL) === FRAMED_PPP || serviceType === SERVICE_FRAMED) return 'pppoe';
  if (serviceType === SERVICE_LOGIN || packet.integer(ATTR.NAS_PORT_TYPE) === PORT_WIRELESS_802_11) return 'hotspot';
  return packet.vendor(VENDOR.MIKROTIK, MIKROTIK.HOST_IP) === undefined ? undefined : 'hotspot';
}
