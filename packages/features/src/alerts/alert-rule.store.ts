import type { Tx } from '@turnpike/db/database.js';
import type { AlertRule as Row } from '@turnpike/db/generated/client.js';
import type { AlertRule } from './alert-rule.js';

export type AlertRuleRow = Row;

export async function listAlertRuleRows(tx: Tx): Promise<AlertRuleRow[]> {
  return tx.alertRule.findMany();
}

export async function findAlertRuleRow(tx: Tx, kind: string): Promise<AlertRuleRow | undefined> {
  return (await tx.alertRule.findUnique({ where: { kind } })) ?? undefined;
}

export async function storeAlertRule(tx: Tx, { changed: _known, ...rule }: AlertRule, updatedAt: Date): Promise<void> {
  const values = { ...rule, emails: [...rule.emails], msisdns: [...rule.msisdns], updatedAt };
  await tx.alertRule.upsert({ where: { kind: rule.kind }, create: values, update: values });
}

/** Where everybody who is responsible for the whole can be written to. */
export async function listOwnerEmails(tx: Tx): Promise<string[]> {
  const owners = await tx.operator.findMany({ where: { role: 'owner', disabledAt: null }, select: { email: true } });
  return owners.map(({ email }) => email);
}
