import type { AgentSale, MyAgentView, MyPackages } from '@turnpike/contracts/agents.js';
import type { WalletView } from '@turnpike/contracts/ledger.js';
import type { NewVoucherBatch, VoucherBatchView } from '@turnpike/contracts/vouchers.js';
import { AppError } from '@turnpike/core/app-error.js';
import { moneyText } from '@turnpike/core/money.js';
import type { Page, PageQuery } from '@turnpike/core/page.js';
import type { Database, Tx } from '@turnpike/db/database.js';
import type { Actor } from '@turnpike/runtime/http/actor.js';
import { appendAudit } from '../audit/audit.store.js';
import { balanceOf, descriptionOf, enterMove, insufficientFunds } from '../ledger/ledger.js';
import { moneyContext, onceKey } from '../ledger/once-key.js';
import type { WalletsService } from '../ledger/wallets.service.js';
import type { Offer } from '../packages/offer.js';
import type { PackagesService } from '../packages/packages.service.js';
import type { VouchersService } from '../vouchers/vouchers.service.js';
import { findAgentOfOperator, keepAgent, type AgentRow } from './agent.store.js';
import { agentView } from './agent.view.js';
import { refuseSaleFor } from './agents.policy.js';
import { saleMoney, type SaleMoney } from './commission.js';
import { existingAgent, refuseInactive } from './known-agent.js';

export interface SaleOrder {
  readonly packageId: string;
  readonly count: number;
}

/** Who sells, in which request. */
export interface Seller {
  readonly actor: Actor;
  readonly requestId: string;
  readonly idempotencyKey?: string | undefined;
}

export interface AgentSalesService {
  /** The codes are in this answer and nowhere else. Throws `conflict` with `insufficient_funds`; nothing is made then. */
  sell(agentId: string, order: SaleOrder, seller: Seller): Promise<AgentSale>;
  /** The same for the agent whom the seller signs in for. */
  sellMine(order: SaleOrder, seller: Seller): Promise<AgentSale>;
  mine(actor: Actor): Promise<MyAgentView>;
  myPackages(actor: Actor): Promise<MyPackages>;
  mySales(actor: Actor, query: PageQuery): Promise<Page<VoucherBatchView>>;
  myWallet(actor: Actor, query: PageQuery): Promise<WalletView>;
}

export interface AgentSalesDeps extends Pick<Database, 'db' | 'transact'> {
  readonly wallets: Pick<WalletsService, 'read' | 'balances'>;
  readonly packages: Pick<PackagesService, 'offer' | 'list'>;
  readonly vouchers: Pick<VouchersService, 'makeBatch' | 'listBatches'>;
}

/** More packages than an agent would ever choose from. */
const MOST_PACKAGES = 200;

export function createAgentSalesService(deps: AgentSalesDeps): AgentSalesService {
  const { db, transact, wallets, packages, vouchers } = deps;

  const sell = (agentId: string, order: SaleOrder, seller: Seller): Promise<AgentSale> =>
    transact(async (tx) => {
      const agent = existingAgent(await keepAgent(tx, agentId), agentId);
      refuseSaleFor(agent, seller.actor);
      refuseInactive(agent);
      const key = onceKey('voucher_sale', moneyContext(seller), [agentId, order.packageId, order.count]);
      await refuseSold(tx, key);
      const offer = await packages.offer(tx, order.packageId, 'agents');
      const money = saleMoney({ ...agent, ...order, priceMinor: offer.priceMinor });
      await refuseShortWallet(tx, agent, offer, money);
      const expiresAt = null;
      const createdBy = seller.actor.id;
      const { debitedMinor } = money;
      const paid = { offer, count: order.count, expiresAt, createdBy, agentId, debitedMinor };
      const batch = await vouchers.makeBatch(tx, paid);
      await enterSale(tx, { key, agent, offer, money, batch, createdBy });
      const balanceMinor = (await balanceOf(tx, walletOf(agent), offer.currency)).toString();
      const sale = saleView(batch, offer, money, balanceMinor);
      await record(tx, seller, { agentId, key, sale });
      return sale;
    });

  return {
    sell,
    sellMine: async (order, seller) => sell((await agentOf(seller.actor)).id, order, seller),

    mine: async (actor) => {
      const agent = await agentOf(actor);
      return { ...agentView(agent), balances: await wallets.balances(walletOf(agent)) };
    },

    myPackages: async (actor) => {
      const { commissionBasisPoints } = await agentOf(actor);
      const { items } = await packages.list({ limit: MOST_PACKAGES, active: true });
      return {
        items: items
          .filter(({ visibility }) => visibility !== 'hidden')
          .map(({ id, name, currency, priceMinor, validForSeconds }) => {
            const { commissionMinor } = saleMoney({ priceMinor, count: 1, commissionBasisPoints });
            return { id, name, currency, priceMinor, commissionMinor: Number(commissionMinor), validForSeconds };
          }),
      };
    },

    mySales: async (actor, query) => vouchers.listBatches({ ...query, agentId: (await agentOf(actor)).id }),

    myWallet: async (actor, query) => wallets.read(walletOf(await agentOf(actor)), query),
  };

  async function agentOf(actor: Actor): Promise<AgentRow> {
    const agent = await findAgentOfOperator(db, actor.id);
    if (agent !== null) return agent;
    throw new AppError(
      'not_found',
      'No agent belongs to your login: ask an administrator to set you as the operator of one.',
    );
  }
}

function walletOf({ id }: AgentRow): { kind: 'agent_wallet'; owner: string } {
  return { kind: 'agent_wallet', owner: id };
}

/** The process of the first request died before it could keep the codes, or it is more than a day ago. */
async function refuseSold(tx: Tx, key: string): Promise<void> {
  const sold = await descriptionOf(tx, key);
  if (sold === undefined) return;
  throw new AppError(
    'conflict',
    `This request was carried out before (${sold}) and its codes cannot be shown again. Use a new Idempotency-Key for ` +
      'another sale; if you never saw the codes, ask an administrator to revoke that batch and put the wallet right.',
  );
}

/** Before thousands of codes are made for nothing; what decides is the ledger, which locks the wallet. */
async function refuseShortWallet(
  tx: Tx,
  agent: AgentRow,
  { currency }: Offer,
  { debitedMinor }: SaleMoney,
): Promise<void> {
  const balanceMinor = await balanceOf(tx, walletOf(agent), currency);
  if (balanceMinor >= debitedMinor) return;
  const [has, needs] = [moneyText(balanceMinor, currency), moneyText(debitedMinor, currency)];
  throw insufficientFunds(`there is ${has} in the wallet and ${needs} is needed: top it up, or sell fewer`);
}

interface EnteredSale {
  readonly key: string;
  readonly agent: AgentRow;
  readonly offer: Offer;
  readonly money: SaleMoney;
  readonly batch: NewVoucherBatch;
  readonly createdBy: string;
}

/** What is given away free moves no money. */
async function enterSale(tx: Tx, { key, agent, offer, money, batch, createdBy }: EnteredSale): Promise<void> {
  if (money.priceMinor === 0n) return;
  const outcome = await enterMove(tx, {
    key,
    kind: 'voucher_sale',
    description: `${batch.count} x ${offer.packageName}, batch ${batch.number}, sold by ${agent.name}`,
    currency: offer.currency,
    createdBy,
    batchId: batch.id,
    postings: [
      { account: walletOf(agent), amountMinor: -money.debitedMinor },
      { account: { kind: 'sales' }, amountMinor: money.priceMinor },
      { account: { kind: 'commission' }, amountMinor: -money.commissionMinor },
    ],
  });
  // Sold by the same request at the same time: what this one made goes with its transaction.
  if (outcome === 'known') await refuseSold(tx, key);
}

function saleView(batch: NewVoucherBatch, offer: Offer, money: SaleMoney, balanceMinor: string): AgentSale {
  return {
    ...batch,
    currency: offer.currency,
    priceMinor: offer.priceMinor,
    totalMinor: Number(money.priceMinor),
    commissionMinor: Number(money.commissionMinor),
    debitedMinor: Number(money.debitedMinor),
    balanceMinor,
  };
}

interface Sold {
  readonly agentId: string;
  /** Of the ledger entry. */
  readonly key: string;
  readonly sale: AgentSale;
}

async function record(tx: Tx, { actor, requestId }: Seller, { agentId, key, sale }: Sold): Promise<void> {
  const { id: batchId, packageId, count, currency, totalMinor, commissionMinor, balanceMinor } = sale;
  const details = { batchId, key, packageId, count, currency, totalMinor, commissionMinor, balanceMinor };
  await appendAudit(tx, {
    actor: actor.id,
    requestId,
    action: 'agent.sale',
    subjectType: 'agent',
    subjectId: agentId,
    details,
  });
}
