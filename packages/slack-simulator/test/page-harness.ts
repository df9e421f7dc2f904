/** Chromium for the tests of the page. */
import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, onTestFinished } from 'vitest';

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

export interface OpenPage {
  readonly page: Page;
  /** What the page has logged as an error so far. */
  readonly complaints: readonly string[];
}

/** Starts Chromium once for the tests of a file; each page is closed after its test. */
export function startChromium() {
  let browser: Browser;

  beforeAll(async () => {
    if (!existsSync(CHROMIUM)) {
      throw new Error(`${CHROMIUM} is missing. Install it: apt-get install -y chromium`);
    }
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
  });
  afterAll(() => browser?.close());

  return {
    async open(url: string, colorScheme: 'light' | 'dark' = 'light'): Promise<OpenPage> {
      const viewport = { width: 1280, height: 800 };
      const context = await browser.newContext({ colorScheme, viewport });
      onTestFinished(() => context.close());
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (line) => {
        if (line.type() === 'error') complaints.push(line.text());
      });
      await page.goto(url);
      await page.getByRole('heading', { name: 'Acme ML' }).waitFor();
      return { page, complaints };
    },
  };
}
