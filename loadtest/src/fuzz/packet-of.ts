/** An unsigned packet of a code with attributes of the given types, each of as many bytes. */
export function packetOf(code: number, ...attributes: readonly (readonly [type: number, size: number])[]): Buffer {
  const parts = attributes.map(([type, size]) => Buffer.concat([Buffer.from([type, size + 2]), Buffer.alloc(size, 1)]));
  const packet = Buffer.concat([Buffer.from([code, 7, 0, 0]), Buffer.alloc(16), ...parts]);
  packet.writeUInt16BE(packet.length, 2);
  return packet;
}
