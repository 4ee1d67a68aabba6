import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { startSimulatedRouter } from '../fleet.js';

const run = promisify(execFile);

/** Another author's client: what it understands is not only what our own codec understands. */
const SCRIPT = `
import json, sys, librouteros
from librouteros.query import Key
from librouteros.exceptions import TrapError

api = librouteros.connect(host='127.0.0.1', username='admin', password='simulated', port=int(sys.argv[1]), encoding='utf-8')
seen = {}
seen['identity'] = tuple(api('/system/identity/print'))[0]['name']
pool = api.path('ip', 'pool')
added = pool.add(name='py', ranges='10.1.0.1-10.1.0.9')
pool.update(**{'.id': added, 'comment': 'caf\\u00e9'})
name, comment = Key('name'), Key('comment')
seen['selected'] = list(pool.select(name, comment).where(name == 'py'))
try:
    pool.add(name='py', ranges='10.1.0.1')
except TrapError as error:
    seen['duplicate'] = str(error)
pool.remove(added)
seen['left'] = [row['name'] for row in pool]
try:
    list(api.path('nonsense'))
except Exception as error:
    seen['unknown'] = type(error).__name__
seen['empty'] = list(api.path('ip', 'hotspot', 'active'))
seen['still'] = len(list(api.path('interface')))
api.close()
print(json.dumps(seen))
`;

const importable = spawnSync('python3', ['-c', 'import librouteros'], { timeout: 10_000 }).status === 0;
if (!importable) process.stderr.write('skipped: python3 cannot import librouteros, so no second client was tried\n');

(importable ? test : test.skip).each(['none', 'bytes', 'before-final-zero'] as const)(
  'the Python client librouteros works against a router, segmentation %s',
  async (segmentation) => {
    const router = await startSimulatedRouter({ version: '7.22', tls: false });
    try {
      router.faults.set({ segmentation });
      const { stdout } = await run('python3', ['-c', SCRIPT, String(router.apiPort)], { timeout: 20_000 });
      expect(JSON.parse(stdout)).toEqual({
        identity: 'MikroTik',
        selected: [{ name: 'py', comment: 'café' }],
        duplicate: expect.stringContaining('pool with such name exists'),
        left: ['default-dhcp'],
        unknown: expect.stringMatching(/Trap/),
        empty: [],
        still: 7,
      });
    } finally {
      await router.stop();
    }
  },
);
