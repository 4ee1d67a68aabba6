import { Command } from 'commander';

/** Flags as typed: everything is text or absent. `config.ts` checks them. */
export type Flags = Readonly<Record<string, string | undefined>>;

/** The flags of `npm run simulator`; each has an environment variable SIMULATOR_<NAME> too, which a flag overrides. */
const FLAGS: readonly (readonly [string, string])[] = [
  ['--routers <n>', 'how many routers (1)'],
  ['--api-port-base <port>', 'API port of the first router, the others follow; 0 takes free ports (0)'],
  ['--version <version>', 'RouterOS version, 6.49.17 .. 7.24 (7.22)'],
  ['--phones <n>', 'phones near each router (0)'],
  ['--radius <host:auth:acct>', 'gives every router a ready hotspot that uses this RADIUS server'],
  ['--radius-secret <secret>', 'RADIUS secret of that server (simulated)'],
  ['--record <file>', 'writes every API sentence received as NDJSON'],
  ['--ready-file <file>', 'also writes the ready line there, readable by the owner only'],
  ['--seed <n>', 'makes MAC addresses, traffic and what payers do repeatable (1)'],
  ['--control-port <port>', 'port of the control endpoint; 0 takes a free one (0)'],
  ['--daraja-port <port>', 'port of the M-Pesa (Daraja) stand-in; 0 takes a free one (0)'],
  ['--daraja-consumer-key <key>', 'consumer key it accepts (simulated-key)'],
  ['--daraja-consumer-secret <secret>', 'consumer secret it accepts (simulated-secret)'],
  ['--daraja-shortcode <digits>', 'the paybill number it plays (174379)'],
  ['--daraja-passkey <passkey>', 'passkey of that number (simulated-passkey)'],
  ['--sms-port <port>', 'port of the SMS stand-in; 0 takes a free one (0)'],
  ['--sms-username <name>', 'username it accepts (sandbox)'],
  ['--sms-api-key <key>', 'API key it accepts (simulated)'],
  ['--username <name>', 'API user of every router (admin)'],
  ['--password <password>', 'API password of every router (simulated)'],
  ['--nas-address <address>', 'NAS address of the first router, the others count up; free ones by default'],
  ['--device-mode <mode>', 'advanced or home (advanced)'],
  ['--bridged-ports <ports>', 'ports in the factory bridge (ether2)'],
  ['--no-tls', 'no API-SSL'],
];

/** Parses arguments without the program's name; prints help and exits for `--help`, throws on unknown flags. */
export function parseFlags(argv: readonly string[]): Flags {
  const command = new Command('simulator').description('RouterOS devices with phones on them').exitOverride();
  for (const [flag, description] of FLAGS) command.option(flag, description);
  command.parse([...argv], { from: 'user' });
  const given: Record<string, unknown> = command.opts();
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      value === false ? 'no' : value === true ? undefined : String(value),
    ]),
  );
}
