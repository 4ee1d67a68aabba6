/**
 * The part of node-routeros 1.6.9 that we build upon, as it behaves. The typings of the package say `private` to
 * methods that have to be overridden, and describe `tls` with the options of a server.
 */
declare module 'node-routeros' {
  import type { EventEmitter } from 'node:events';
  import type { Socket } from 'node:net';
  import type { ConnectionOptions, TLSSocket } from 'node:tls';

  /** One socket. Binds its `on...` methods to the events of the socket when it connects. */
  export class Connector extends EventEmitter {
    constructor(options: { host: string; port: number; timeout: number; tls: ConnectionOptions | undefined });
    protected socket: Socket | TLSSocket;
    connect(): this;
    write(words: readonly string[]): this;
    /** Destroys the socket; its listeners stay, those of the connector go. */
    destroy(): void;
    protected onConnect(): void;
    protected onData(data: Buffer): void;
    /** Also bound to the `fatal` event of its own receiver. */
    protected onEnd(): void;
    protected onError(error: Error): void;
    protected onTimeout(): void;
  }
}
