import { createSocket } from 'node:dgram';
import { hash } from 'node:crypto';

/**
 * The bare echo that the generator's own ceiling is measured against: every datagram is answered with a header whose
 * authenticator is right (one MD5), and nothing else. Argument: the secret. Prints its port once it listens.
 */
const HEADER_BYTES = 20;
const secret = Buffer.from(process.argv[2] ?? '');
const made = Buffer.concat([Buffer.alloc(HEADER_BYTES), secret]);
const REPLY_TO: Readonly<Record<number, number>> = { 1: 2, 4: 5 };

// dgram asks for the address of every destination; it has one already.
const socket = createSocket({ type: 'udp4', lookup: (address, _options, done) => done(null, address, 4) });
socket.on('message', (request, from) => {
  const reply = Buffer.allocUnsafe(HEADER_BYTES);
  made[0] = REPLY_TO[request[0] ?? 0] ?? 0;
  made[1] = request[1] ?? 0;
  made.writeUInt16BE(HEADER_BYTES, 2);
  request.copy(made, 4, 4, HEADER_BYTES);
  made.copy(reply, 0, 0, HEADER_BYTES);
  reply.write(hash('md5', made, 'binary'), 4, 'binary');
  socket.send(reply, from.port, from.address);
});
socket.bind(0, '127.0.0.1', () => {
  socket.setRecvBufferSize(4 * 1024 * 1024);
  process.stdout.write(`${socket.address().port}\n`);
});
process.on('disconnect', () => process.exit(0));
