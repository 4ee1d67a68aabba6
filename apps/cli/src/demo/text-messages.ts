import { z } from 'zod';

const kept = z.object({ messages: z.array(z.object({ text: z.string() })) });
const TIMEOUT_MS = 5_000;

/** What the SMS stand-in was given for a phone. */
export async function textsTo(smsControlUrl: string, msisdn: string): Promise<string[]> {
  const response = await fetch(`${smsControlUrl}/messages?to=${msisdn}`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`the SMS stand-in answered ${response.status}: ${await response.text()}`);
  return kept.parse(await response.json()).messages.map(({ text }) => text);
}
