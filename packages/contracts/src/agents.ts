import { z } from 'zod';
import {
  displayName,
  id,
  idParams,
  instant,
  NOT_STORABLE,
  isStorable,
  page,
  pageQuery,
  pageQueryShape,
} from './common.js';
import { endpoint } from './endpoint.js';
import {
  amountMinor,
  balance,
  balanceMinor,
  currency,
  MAX_MOVE_MINOR,
  moved,
  wallet,
  walletAdjustment,
} from './ledger.js';
import { createVoucherBatch, newVoucherBatch, voucherBatch, voucherFormats } from './vouchers.js';

const tag = 'agents';

export const MAX_COMMISSION_BASIS_POINTS = 5_000;
export const MAX_SOLD_AT_ONCE = 1_000;

export const agent = z.object({
  id,
  name: z.string(),
  /** E.164 digits. */
  msisdn: z.string().nullable(),
  /** Part of the price that the agent keeps, hundredths of a percent. */
  commissionBasisPoints: z.number().int(),
  /** False: keeps the wallet, sells nothing. */
  active: z.boolean(),
  /** The operator of role `agent` who signs in for it. */
  operatorId: id.nullable(),
  createdAt: instant,
});
export type AgentView = z.infer<typeof agent>;

const agentFields = {
  name: displayName,
  msisdn: z.string().max(40).nullable(),
  commissionBasisPoints: z
    .number()
    .int('must be a whole number of hundredths of a percent')
    .min(0, 'must be at least 0')
    .max(MAX_COMMISSION_BASIS_POINTS, `must be at most ${MAX_COMMISSION_BASIS_POINTS}, which is half of the price`),
  operatorId: id.nullable(),
};

export const listAgents = endpoint({
  method: 'get',
  path: '/agents',
  tag,
  summary: 'List agents, newest first',
  allow: 'ledger:read',
  query: z.strictObject({ ...pageQueryShape, active: z.stringbool().optional() }),
  response: page(agent),
});

export const createAgent = endpoint({
  method: 'post',
  path: '/agents',
  tag,
  summary: 'Add an agent, who sells vouchers from a wallet that was filled beforehand',
  allow: 'ledger:write',
  body: z.strictObject({
    ...agentFields,
    msisdn: agentFields.msisdn.optional(),
    operatorId: agentFields.operatorId.optional(),
  }),
  status: 201,
  response: agent,
});
export type NewAgent = z.output<typeof createAgent.body>;

export const getAgent = endpoint({
  method: 'get',
  path: '/agents/{id}',
  tag,
  summary: 'One agent',
  allow: 'ledger:read',
  params: idParams,
  response: agent,
});

export const updateAgent = endpoint({
  method: 'patch',
  path: '/agents/{id}',
  tag,
  summary: 'Change an agent, or deactivate it; what it sold before keeps its commission',
  allow: 'ledger:write',
  params: idParams,
  body: z.strictObject({ ...agentFields, active: z.boolean() }).partial(),
  response: agent,
});
export type AgentChange = z.output<typeof updateAgent.body>;

export const deleteAgent = endpoint({
  method: 'delete',
  path: '/agents/{id}',
  tag,
  summary: 'Delete an agent that never sold and never had money; 409 when it did (deactivate it instead)',
  allow: 'ledger:write',
  params: idParams,
  status: 204,
  response: z.null(),
});

export const topUpAgent = endpoint({
  method: 'post',
  path: '/agents/{id}/top-ups',
  tag,
  summary: 'Cash that the agent paid in goes into its wallet',
  allow: 'ledger:write',
  params: idParams,
  body: z.strictObject({
    amountMinor: amountMinor.min(1, 'must be at least 1').max(MAX_MOVE_MINOR, `must be at most ${MAX_MOVE_MINOR}`),
    currency,
    method: z.literal('cash').default('cash'),
    note: z.string().trim().max(200, 'must be at most 200 characters').refine(isStorable, NOT_STORABLE).default(''),
  }),
  status: 201,
  response: moved,
});
export type TopUp = z.output<typeof topUpAgent.body>;

export const adjustAgentWallet = endpoint({
  method: 'post',
  path: '/agents/{id}/wallet-adjustments',
  tag,
  summary: 'Put the wallet of an agent right, with a negative amount take out of it; 409 when there is less in it',
  allow: 'ledger:write',
  stepUp: true,
  params: idParams,
  body: walletAdjustment,
  status: 201,
  response: moved,
});

export const getAgentWallet = endpoint({
  method: 'get',
  path: '/agents/{id}/wallet',
  tag,
  summary: 'What an agent has in the wallet, and the movements of it, newest first',
  allow: 'ledger:read',
  params: idParams,
  query: pageQuery,
  response: wallet,
});

const saleBody = z.strictObject({
  packageId: id,
  count: z
    .number()
    .int()
    .min(1, 'must be at least 1')
    .max(MAX_SOLD_AT_ONCE, `must be at most ${MAX_SOLD_AT_ONCE}: sell more in another sale`),
  /** Goes before the Accept header: to print the codes at once. */
  format: z.enum(voucherFormats).optional(),
});

/** The batch that was made, and its money; `priceMinor` is that of one voucher. */
export const agentSale = newVoucherBatch.extend({
  currency: z.string(),
  priceMinor: amountMinor,
  /** The price of all of them together. */
  totalMinor: amountMinor,
  /** What the agent keeps of it, rounded down. */
  commissionMinor: amountMinor,
  /** Taken out of the wallet: the price without the commission. */
  debitedMinor: amountMinor,
  /** Of the wallet, after it. */
  balanceMinor,
});
export type AgentSale = z.infer<typeof agentSale>;

export const sellForAgent = endpoint({
  method: 'post',
  path: '/agents/{id}/voucher-sales',
  tag,
  summary: 'Sell vouchers from the wallet of an agent; an agent only from its own. 409 when there is too little in it',
  allow: 'agent:sell',
  params: idParams,
  body: saleBody,
  status: 201,
  files: createVoucherBatch.files,
  response: agentSale,
});

export const getMyAgent = endpoint({
  method: 'get',
  path: '/agent/me',
  tag,
  summary: 'The agent that I sign in for, with what is in its wallet',
  allow: 'agent:sell',
  response: agent.extend({ balances: z.array(balance) }),
});
export type MyAgentView = z.infer<typeof getMyAgent.response>;

export const listMyPackages = endpoint({
  method: 'get',
  path: '/agent/packages',
  tag,
  summary: 'What I may sell: packages with their price and my commission of it, for one voucher',
  allow: 'agent:sell',
  response: z.object({
    items: z.array(
      z.object({
        id,
        name: z.string(),
        currency: z.string(),
        priceMinor: amountMinor,
        commissionMinor: amountMinor,
        validForSeconds: z.number().int(),
      }),
    ),
  }),
});
export type MyPackages = z.infer<typeof listMyPackages.response>;

export const sellVouchers = endpoint({
  method: 'post',
  path: '/agent/voucher-sales',
  tag,
  summary: 'Sell vouchers from my wallet; the codes are shown this once. 409 when there is too little in it',
  allow: 'agent:sell',
  body: saleBody,
  status: 201,
  files: createVoucherBatch.files,
  response: agentSale,
});

export const listMySales = endpoint({
  method: 'get',
  path: '/agent/voucher-sales',
  tag,
  summary: 'What I sold, newest first, with how many of the codes are in which state',
  allow: 'agent:sell',
  query: pageQuery,
  response: page(voucherBatch),
});

export const getMyWallet = endpoint({
  method: 'get',
  path: '/agent/wallet',
  tag,
  summary: 'What is in my wallet, and the movements of it, newest first',
  allow: 'agent:sell',
  query: pageQuery,
  response: wallet,
});
