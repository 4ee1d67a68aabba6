/** What the operator says of the portal. */
export interface PortalConfig {
  /** How the network is called. */
  readonly name: string;
  /** `#rrggbb` */
  readonly color: string;
  /** How to reach people: a phone number or an address; empty: nobody is named. */
  readonly contact: string;
  /** IANA name, for moments. */
  readonly timeZone: string;
  /** Where phones reach the portal, without a slash at the end. */
  readonly publicUrl: string;
  /** Only where simulated routers live on this machine. */
  readonly allowLoopback: boolean;
}
