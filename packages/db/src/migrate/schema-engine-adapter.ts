import { randomUUID } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import pg from 'pg';

/** Type ids of PostgreSQL's internal `"char"` and of `character`; pg_type.dat. The adapter knows only the second. */
const INTERNAL_CHAR = 18;
const CHARACTER = 1042;

function isField(value: unknown): value is { dataTypeID: number } {
  return typeof value === 'object' && value !== null && 'dataTypeID' in value;
}

function fieldsOf(result: unknown): unknown[] {
  const hasFields = typeof result === 'object' && result !== null && 'fields' in result;
  return hasFields && Array.isArray(result.fields) ? result.fields : [];
}

/** A pool whose results name `"char"` columns as `character`, and which column numbers those were in the last result. */
function migrationPool(config: pg.PoolConfig): { pool: pg.Pool; internalChars: () => readonly number[] } {
  const pool = new pg.Pool({ ...config, max: 1 });
  let positions: number[] = [];
  const original = pool.query.bind(pool);
  const query = async (...args: unknown[]): Promise<unknown> => {
    const result: unknown = await Reflect.apply(original, pool, args);
    positions = fieldsOf(result).flatMap((field, index) => {
      if (!isField(field) || field.dataTypeID !== INTERNAL_CHAR) return [];
      field.dataTypeID = CHARACTER;
      return [index];
    });
    return result;
  };
  // The server drops our connection together with the shadow database; that is no event for anybody.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  Object.assign(pool, { query });
  return { pool, internalChars: () => positions };
}

/**
 * Prisma's adapter with what migrations need of it: a script is one message (the adapter splits it at every `;`, also
 * inside function bodies) and therefore one transaction, and columns of type `"char"` are readable.
 */
async function openAdapter(
  config: pg.PoolConfig,
  onScriptError: (error: unknown) => void,
  afterwards?: () => Promise<void>,
): Promise<SqlDriverAdapter> {
  const { pool, internalChars } = migrationPool(config);
  const inner = await new PrismaPg(pool).connect();
  return {
    provider: inner.provider,
    adapterName: inner.adapterName,
    queryRaw: async (query) => {
      const result = await inner.queryRaw(query);
      for (const position of internalChars()) result.columnTypes[position] = ColumnTypeEnum.Character;
      return result;
    },
    executeRaw: (query) => inner.executeRaw(query),
    startTransaction: (level) => inner.startTransaction(level),
    getConnectionInfo: () => inner.getConnectionInfo(),
    executeScript: async (script) => {
      try {
        await pool.query(script);
      } catch (error) {
        onScriptError(error);
        throw error;
      }
    },
    dispose: async () => {
      await inner.dispose();
      if (!pool.ended) await pool.end();
      await afterwards?.();
    },
  };
}

/** Connections for the schema engine; the shadow database is made on the same server and dropped when it is disposed of. */
export function migrationAdapterFactory(
  url: string,
  onScriptError: (error: unknown) => void,
): SqlMigrationAwareDriverAdapterFactory {
  const target = new URL(url);
  const config = {
    host: target.hostname,
    port: Number(target.port || 5432),
    user: decodeURIComponent(target.username),
    password: decodeURIComponent(target.password),
    database: target.pathname.slice(1),
  };
  return {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: () => openAdapter(config, onScriptError),
    connectToShadowDb: async () => {
      const admin = new pg.Client(config);
      await admin.connect();
      const database = `prisma_migrate_shadow_db_${randomUUID()}`;
      await admin.query(`CREATE DATABASE ${admin.escapeIdentifier(database)} TEMPLATE template0`);
      return openAdapter({ ...config, database }, onScriptError, async () => {
        await admin.query(`DROP DATABASE IF EXISTS ${admin.escapeIdentifier(database)} WITH (FORCE)`);
        await admin.end();
      });
    },
  };
}
