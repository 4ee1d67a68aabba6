import fc from 'fast-check';
import { inLanes } from '@turnpike/testkit/in-lanes.js';
import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { balanceOf, enterMove, everMoved, type AccountRef, type LedgerMove } from './ledger.js';
import { trialBalance } from './trial-balance.js';

let postgres: TestDatabase;
let made = 0;

const CONNECTIONS = 10;

beforeAll(async () => {
  postgres = await openTestDatabase({ maxConnections: CONNECTIONS });
});

afterAll(async () => {
  await postgres.drop();
});

afterEach(async () => {
  const { ok, currencies, wrong } = await trialBalance(postgres.database.db);
  expect({ ok, wrong, sums: currencies.map(({ sumMinor }) => sumMinor) }).toEqual({
    ok: true,
    wrong: [],
    sums: currencies.map(() => '0'),
  });
});

const cash: AccountRef = { kind: 'provider', owner: 'cash' };
const sales: AccountRef = { kind: 'sales' };

/** A wallet that nobody has used. */
function newWallet(): AccountRef {
  made += 1;
  return { kind: 'customer_wallet', owner: `customer-${made}` };
}

function moveOf(changes: Partial<LedgerMove> & Pick<LedgerMove, 'postings'>): LedgerMove {
  made += 1;
  return {
    key: `move-${made}`,
    kind: 'adjustment',
    description: 'for a test',
    currency: 'KES',
    createdBy: 'operator-1',
    ...changes,
  };
}

function transfer(
  from: AccountRef,
  to: AccountRef,
  amountMinor: bigint,
  changes: Partial<LedgerMove> = {},
): LedgerMove {
  const postings = [
    { account: from, amountMinor: -amountMinor },
    { account: to, amountMinor },
  ];
  return moveOf({ postings, ...changes });
}

/** What came of one after the other; as many at once as there are connections. */
const enterAll = (moves: readonly LedgerMove[]) => inLanes(moves, CONNECTIONS, enter);
const enter = (move: LedgerMove) => postgres.database.transact((tx) => enterMove(tx, move));
const balance = (account: AccountRef, currency = 'KES') => balanceOf(postgres.database.db, account, currency);

function timesEntered(outcomes: readonly PromiseSettledResult<'entered' | 'known'>[]) {
  const values = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : outcome.reason));
  const count = (value: string): number => values.filter((each) => each === value).length;
  return { entered: count('entered'), known: count('known') };
}

describe('the ledger', () => {
  test('moves money between accounts that it makes on first use, and writes down what each then has', async () => {
    const wallet = newWallet();
    expect([await balance(wallet), await everMoved(postgres.database.db, wallet)]).toEqual([0n, false]);
    const paymentId = '0190b5c1-0000-7000-8000-000000000001';
    const move = transfer(cash, wallet, 1_500n, { kind: 'top_up', paymentId });
    expect(await enter(move)).toBe('entered');
    expect([await balance(wallet), await balance(cash)]).toEqual([1_500n, -1_500n]);
    expect(await everMoved(postgres.database.db, wallet)).toBe(true);
    const entry = await postgres.database.db.ledgerEntry.findUniqueOrThrow({
      where: { key: move.key },
      include: { postings: { orderBy: { amountMinor: 'asc' } } },
    });
    expect(entry).toMatchObject({
      kind: 'top_up',
      description: 'for a test',
      paymentId,
      createdBy: 'operator-1',
      postings: [
        { amountMinor: -1_500n, balanceMinor: -1_500n },
        { amountMinor: 1_500n, balanceMinor: 1_500n },
      ],
    });
  });

  test('currencies are kept apart', async () => {
    const wallet = newWallet();
    await enter(transfer(cash, wallet, 700n));
    await enter(transfer(cash, wallet, 9n, { currency: 'UGX' }));
    expect([await balance(wallet), await balance(wallet, 'UGX'), await balance(wallet, 'TZS')]).toEqual([700n, 9n, 0n]);
  });

  test('the same key a second time changes nothing, whatever it says', async () => {
    const wallet = newWallet();
    const move = transfer(cash, wallet, 100n);
    expect(await enter(move)).toBe('entered');
    expect(await enter(move)).toBe('known');
    expect(await enter(transfer(cash, wallet, 999n, { key: move.key }))).toBe('known');
    expect(await balance(wallet)).toBe(100n);
  });

  test('M2: one key 40 times, ten at once, is one entry', async () => {
    const wallet = newWallet();
    const move = transfer(cash, wallet, 100n);
    expect(timesEntered(await enterAll(Array.from({ length: 40 }, () => move)))).toEqual({ entered: 1, known: 39 });
    expect(await balance(wallet)).toBe(100n);
  });

  test('a transaction that fails afterwards has moved nothing, and its key is free again', async () => {
    const wallet = newWallet();
    const move = transfer(cash, wallet, 100n);
    const failed = postgres.database.transact(async (tx) => {
      await enterMove(tx, move);
      throw new Error('something else went wrong');
    });
    await expect(failed).rejects.toThrow('something else went wrong');
    expect(await balance(wallet)).toBe(0n);
    expect(await enter(move)).toBe('entered');
  });

  test('a wallet never falls below 0: the refusal says what is there and what is needed', async () => {
    const wallet = newWallet();
    await enter(transfer(cash, wallet, 125_000n));
    await expect(enter(transfer(wallet, sales, 125_001n))).rejects.toMatchObject({
      code: 'conflict',
      extra: { code: 'insufficient_funds', reason: 'insufficient_funds' },
      message: 'there is KES 1,250.00 in the wallet and KES 1,250.01 is needed: top it up, or take less',
    });
    await enter(transfer(wallet, sales, 125_000n));
    expect(await balance(wallet)).toBe(0n);
  });

  test('whoever goes on after a refusal has entered nothing, and the key is free', async () => {
    const wallet = newWallet();
    const move = transfer(wallet, sales, 100n);
    const refused = await postgres.database.transact((tx) => enterMove(tx, move).catch((error: unknown) => error));
    expect(refused).toMatchObject({ code: 'conflict' });
    await enter(transfer(cash, wallet, 100n));
    expect([await enter(move), await enter(move), await balance(wallet)]).toEqual(['entered', 'known', 0n]);
  });

  test('M2: one key that empties the wallet, 20 times, ten at once, is entered once and refused never', async () => {
    const wallet = newWallet();
    await enter(transfer(cash, wallet, 100n));
    const move = transfer(wallet, sales, 100n);
    expect(timesEntered(await enterAll(Array.from({ length: 20 }, () => move)))).toEqual({ entered: 1, known: 19 });
    expect(await balance(wallet)).toBe(0n);
  });

  test('of 60, ten at once, that take from one wallet as many succeed as there is money for', async () => {
    const wallet = newWallet();
    await enter(transfer(cash, wallet, 1_000n));
    const results = await enterAll(Array.from({ length: 60 }, () => transfer(wallet, sales, 30n)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(33);
    expect(await balance(wallet)).toBe(10n);
  });

  test('several postings to one account count as one, those of 0 are left out', async () => {
    const wallet = newWallet();
    const move = moveOf({
      postings: [
        { account: cash, amountMinor: -30n },
        { account: wallet, amountMinor: 10n },
        { account: wallet, amountMinor: 20n },
        { account: { kind: 'commission' }, amountMinor: 0n },
      ],
    });
    await enter(move);
    const where = { entry: { key: move.key } };
    expect(await postgres.database.db.ledgerPosting.count({ where })).toBe(2);
    expect(await balance(wallet)).toBe(30n);
  });

  test('a move that does not sum to 0 is refused before anything is written', async () => {
    const postings = [
      { account: cash, amountMinor: -30n },
      { account: newWallet(), amountMinor: 29n },
    ];
    await expect(enter(moveOf({ postings }))).rejects.toThrow('do not sum to 0');
    await expect(enter(moveOf({ postings: [] }))).rejects.toThrow('do not sum to 0');
  });
});

describe('what the database itself refuses', () => {
  test.each([
    'UPDATE ledger_posting SET amount_minor = 0',
    'DELETE FROM ledger_posting',
    'TRUNCATE ledger_posting',
    "UPDATE ledger_entry SET description = ''",
    'DELETE FROM ledger_entry',
    'TRUNCATE ledger_entry CASCADE',
  ])('S10: %s', async (statement) => {
    await enter(transfer(cash, newWallet(), 1n));
    await expect(postgres.database.db.$executeRawUnsafe(statement)).rejects.toThrow('the ledger is append-only');
  });

  test('a wallet below 0, whoever writes it', async () => {
    await enter(transfer(cash, newWallet(), 1n));
    const overdraw = postgres.database.db.$executeRaw`
      UPDATE ledger_account SET balance_minor = -1 WHERE kind = 'customer_wallet'`;
    await expect(overdraw).rejects.toThrow('ledger_account_wallets_not_negative');
  });

  test('an entry whose postings do not sum to 0, when its transaction ends', async () => {
    const wallet = newWallet();
    await enter(transfer(cash, wallet, 1n));
    const oneSided = postgres.database.transact(async (tx) => {
      const entry = { key: `forged-${wallet.kind}`, kind: 'adjustment', description: '', createdBy: 'somebody' };
      const { id: entryId } = await tx.ledgerEntry.create({ data: entry });
      const { id: accountId } = await tx.ledgerAccount.findFirstOrThrow({ where: { kind: 'customer_wallet' } });
      await tx.ledgerPosting.create({ data: { entryId, accountId, amountMinor: 5n, balanceMinor: 5n } });
    });
    await expect(oneSided).rejects.toThrow('does not sum to 0');
  });
});

describe('the trial balance', () => {
  test('names an account whose balance is not what was posted to it', async () => {
    const { db } = postgres.database;
    const wallet = newWallet();
    await enter(transfer(cash, wallet, 100n));
    const owner = `customer-${made - 1}`;
    const { id: accountId } = await db.ledgerAccount.findFirstOrThrow({ where: { owner } });
    await db.ledgerAccount.update({ where: { id: accountId }, data: { balanceMinor: 101n } });
    const { ok, wrong, currencies } = await trialBalance(db);
    expect({ ok, wrong }).toEqual({ ok: false, wrong: [{ accountId, balanceMinor: '101', postedMinor: '100' }] });
    expect(currencies.find(({ currency }) => currency === 'KES')?.sumMinor).toBe('1');
    await db.ledgerAccount.update({ where: { id: accountId }, data: { balanceMinor: 100n } });
  });
});

describe('any moves, many at once', () => {
  const currencies = ['KES', 'UGX'] as const;
  const account = fc.constantFrom<AccountRef>(
    { kind: 'customer_wallet', owner: 'a' },
    { kind: 'customer_wallet', owner: 'b' },
    { kind: 'agent_wallet', owner: 'a' },
    { kind: 'agent_wallet', owner: 'c' },
    { kind: 'provider', owner: 'mpesa' },
    { kind: 'provider', owner: 'cash' },
    { kind: 'sales' },
    { kind: 'commission' },
    { kind: 'adjustment' },
  );
  const leg = fc.record({ from: account, to: account, amount: fc.bigInt({ min: 0n, max: 400n }) });
  const anyMove = fc.record({
    // Few keys: many of them come twice.
    key: fc.integer({ min: 1, max: 25 }),
    currency: fc.constantFrom(...currencies),
    legs: fc.array(leg, { minLength: 1, maxLength: 3 }),
  });

  test('M10: the books balance, no wallet is below 0, every key is entered once, every line adds up', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyMove, { minLength: 5, maxLength: 40 }), async (moves) => {
        run += 1;
        const prefix = `run-${run}-`;
        const results = await enterAll(
          moves.map(({ key, currency, legs }) => named({ key: prefix + key, currency, legs, prefix })),
        );
        const entered = results.flatMap((result, index) =>
          result.status === 'fulfilled' && result.value === 'entered' ? [moves[index]?.key] : [],
        );
        expect(new Set(entered).size).toBe(entered.length);
        for (const result of results) {
          if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'conflict' });
        }
        const { db } = postgres.database;
        expect(await db.ledgerEntry.count({ where: { key: { startsWith: prefix } } })).toBe(entered.length);
        await expectSoundBooks();
      }),
      { numRuns: 25 },
    );
  });

  interface Named {
    readonly key: string;
    readonly currency: string;
    readonly legs: readonly { from: AccountRef; to: AccountRef; amount: bigint }[];
    readonly prefix: string;
  }

  /** Wallets of one run are its own; the other accounts are everybody's. */
  function named({ key, currency, legs, prefix }: Named): LedgerMove {
    const own = (ref: AccountRef): AccountRef => {
      if (ref.kind !== 'customer_wallet' && ref.kind !== 'agent_wallet') return ref;
      return { ...ref, owner: prefix + ref.owner };
    };
    const postings = legs.flatMap(({ from, to, amount }) => [
      { account: own(from), amountMinor: -amount },
      { account: own(to), amountMinor: amount },
    ]);
    return moveOf({ key, currency, postings });
  }

  async function expectSoundBooks(): Promise<void> {
    const { db } = postgres.database;
    expect(await trialBalance(db)).toMatchObject({ ok: true, wrong: [] });
    const [{ broken, overdrawn } = { broken: -1, overdrawn: -1 }] = await db.$queryRaw<
      { broken: number; overdrawn: number }[]
    >`
      WITH line AS (
        SELECT balance_minor, sum(amount_minor) OVER (PARTITION BY account_id ORDER BY id) AS running
        FROM ledger_posting
      )
      SELECT (SELECT count(*)::int FROM line WHERE balance_minor <> running) AS broken,
             (SELECT count(*)::int FROM ledger_account WHERE kind LIKE '%wallet' AND balance_minor < 0) AS overdrawn`;
    expect({ broken, overdrawn }).toEqual({ broken: 0, overdrawn: 0 });
  }
});
