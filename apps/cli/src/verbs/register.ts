import type { Command } from 'commander';
import { alertVerbs } from './alert-verbs.js';
import { addCompletion } from './completion.js';
import { customerVerbs } from './customer-verbs.js';
import { loginVerbs } from './login-verbs.js';
import { paymentVerbs } from './payment-verbs.js';
import { provisioningVerbs } from './provisioning-verbs.js';
import { queueVerbs } from './queue-verbs.js';
import { reportVerbs } from './report-verbs.js';
import { routerVerbs } from './router-verbs.js';
import { sessionVerbs } from './session-verbs.js';
import { addGroup, type VerbHost } from './verb.js';
import { voucherVerbs } from './voucher-verbs.js';

/** What an operator does, over the public API: here or on another machine. */
export function registerVerbs(program: Command, host: VerbHost): void {
  loginVerbs(program, host);
  const routers = addGroup(program, 'router', 'routers: list, show, add, plan, deploy, reset, rollback, logs');
  routerVerbs(routers, host);
  provisioningVerbs(routers, host);
  sessionVerbs(addGroup(program, 'session', 'who is online: list, disconnect'), host);
  customerVerbs(addGroup(program, 'customer', 'customers: show, why'), host);
  voucherVerbs(addGroup(program, 'voucher', 'vouchers: create'), host);
  paymentVerbs(addGroup(program, 'payment', 'payments: list, reconcile'), host);
  reportVerbs(addGroup(program, 'report', 'reports: sales, churn, tax'), host);
  queueVerbs(addGroup(program, 'queue', 'job queues: list, jobs, retry'), host);
  alertVerbs(addGroup(program, 'alert', 'alerts: list, ack'), host);
  addCompletion(program, host);
}
