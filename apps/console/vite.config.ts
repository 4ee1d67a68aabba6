import path from 'node:path';
import { defineConfig, loadEnv } from 'vite';

const root = import.meta.dirname;
const packages = path.resolve(root, '../../packages');

export default defineConfig({
  root,
  base: '/console/',
  resolve: {
    // Sources rather than what was built of them, so that unused parts of contracts fall away.
    alias: [{ find: /^@turnpike\/(core|contracts)\/(.*)\.js$/, replacement: `${packages}/$1/src/$2.ts` }],
  },
  // For working on the console beside a running instance.
  server: {
    proxy: { '^/(api|landing[.]svg|admin)': loadEnv('', root, 'TURNPIKE_')['TURNPIKE_URL'] ?? 'http://127.0.0.1:8080' },
  },
  build: {
    outDir: 'dist-web',
    emptyOutDir: true,
    target: 'es2022',
    // Inlined files would be data: URLs, which the content security policy refuses for scripts and styles.
    assetsInlineLimit: 0,
    // What counts is the size after gzip, which a test holds.
    chunkSizeWarningLimit: 1_000,
    modulePreload: { polyfill: false },
    manifest: 'manifest.json',
    rolldownOptions: {
      // "use client" speaks to frameworks that render on a server.
      onLog: (level, log, tell) => (log.code === 'MODULE_LEVEL_DIRECTIVE' ? undefined : tell(level, log)),
    },
  },
});
