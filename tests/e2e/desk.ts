import type { Browser, BrowserContext, Page } from 'playwright-core';

/** A machine that is busy with other tests takes its time. */
const PATIENCE_MS = 30_000;

/** One person's window, and what went wrong in it. */
export interface Desk {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of the page's own code, and whatever the content security policy kept from running. */
  readonly faults: string[];
  /** Opens a page of the console by its path. */
  open(path: string): Promise<void>;
  close(): Promise<void>;
}

export interface Person {
  readonly email: string;
  readonly password: string;
}

/** Signs in as people do; without a person the window stays at the way in. */
export async function openDesk(
  browser: Browser,
  origin: string,
  { person, locale = 'en-GB' }: { person?: Person; locale?: string } = {},
): Promise<Desk> {
  const context = await browser.newContext({ locale, viewport: { width: 1280, height: 900 } });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) faults.push(message.text());
  });
  page.on('dialog', (dialog) => {
    faults.push(`a dialog says ${dialog.message()}`);
    void dialog.dismiss();
  });
  const open = async (path: string): Promise<void> => {
    await page.goto(`${origin}/console${path}`);
  };
  if (person !== undefined) {
    await open('/');
    await signIn(page, person);
  }
  return { page, context, faults, open, close: () => context.close() };
}

export async function signIn(page: Page, { email, password }: Person): Promise<void> {
  await page.getByLabel(/E-mail|Barua pepe/).fill(email);
  await page.getByLabel(/^(Password|Nenosiri)/).fill(password);
  await page.getByRole('button', { name: /^(Sign in|Ingia)$/ }).click();
  await page.getByRole('navigation').first().waitFor();
}
