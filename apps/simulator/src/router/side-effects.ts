import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { printTime, type RouterState, type StateChange } from './router-state.js';
import type { Row } from './table.js';

/** Pages that RouterOS copies into the html directory of a new hotspot profile. */
const HOTSPOT_PAGES = [
  'login.html',
  'alogin.html',
  'rlogin.html',
  'flogin.html',
  'logout.html',
  'status.html',
  'redirect.html',
  'error.html',
  'errors.txt',
  'md5.js',
  'api.json',
];

const rawKey = (der: Buffer): string => der.subarray(-32).toString('base64');

/** The router makes the key pair itself unless it was given the private half. */
function wireguardKeys(row: Row): void {
  const given = row.props['private-key'];
  if (given !== undefined && given !== '') {
    const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b656e04220420', 'hex'), Buffer.from(given, 'base64')]);
    try {
      const key = createPublicKey(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }));
      row.props['public-key'] = rawKey(key.export({ format: 'der', type: 'spki' }));
    } catch {
      row.props['public-key'] = '';
    }
    return;
  }
  const pair = generateKeyPairSync('x25519');
  row.props['private-key'] = rawKey(pair.privateKey.export({ format: 'der', type: 'pkcs8' }));
  row.props['public-key'] = rawKey(pair.publicKey.export({ format: 'der', type: 'spki' }));
}

function writeFile(state: RouterState, name: string, type: string): void {
  if (state.byName('/file', name) !== undefined) return;
  const row = state
    .table('/file')
    .insert({ name, type, size: type === 'directory' ? '0' : '1300', 'last-modified': printTime(state.time.now()) });
  state.changed({ path: '/file', verb: 'add', row });
}

function hotspotPages(state: RouterState, row: Row): void {
  const directory = row.props['html-directory'] ?? 'hotspot';
  if (directory === '') return;
  writeFile(state, directory, 'directory');
  for (const page of HOTSPOT_PAGES) writeFile(state, `${directory}/${page}`, '.html file');
}

function signCertificate(row: Row, now: Date): void {
  const days = Number(row.props['days-valid'] ?? '365');
  row.props['private-key'] = 'true';
  row.props['fingerprint'] = createHash('sha256')
    .update(`${row.props['name'] ?? ''}${now.toISOString()}`)
    .digest('hex');
  row.props['serial-number'] = createHash('md5')
    .update(row.id + now.toISOString())
    .digest('hex')
    .slice(0, 16)
    .toUpperCase();
  row.props['invalid-before'] = printTime(now);
  row.props['invalid-after'] = printTime(new Date(now.getTime() + days * 86400000));
}

export function certificateSigned(state: RouterState, row: Row): void {
  signCertificate(row, state.time.now());
  state.changed({ path: '/certificate', verb: 'set', row });
}

function fileAdded(state: RouterState, row: Row): void {
  row.props['type'] ??= '.txt file';
  row.props['last-modified'] = printTime(state.time.now());
}

/** What the router does by itself when an object is added. */
export function watchSideEffects(state: RouterState): void {
  state.onChange((change: StateChange) => {
    if (change.row === undefined) return;
    if (change.path === '/interface/wireguard' && change.verb !== 'remove') {
      if (change.row.props['public-key'] === undefined || change.row.props['private-key'] === '')
        wireguardKeys(change.row);
    }
    if (change.verb !== 'add') return;
    if (change.path === '/ip/hotspot/profile') hotspotPages(state, change.row);
    if (change.path === '/file' && change.row.props['contents'] !== undefined) fileAdded(state, change.row);
  });
}
