import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleFiles } from '../../pipeline/local/sample-datasets.ts';
import { folderWith, startApp } from './app-process.ts';

const minute = 60_000;
let browser: Browser;

beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
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

afterAll(() => browser.close());

describe('a newcomer at the page', () => {
  it('reads how the first run went, approves it as Grace and asks the live model', async () => {
    const page = await openPage('grace');
    const heading = (name: RegExp) =>
      page.getByRole('heading', { name }).first().waitFor({ timeout: minute });

    await heading(/spam v1 is waiting for approval/);
    await page
      .getByRole('button', { name: /repl(y|ies)/ })
      .first()
      .click();
    const thread = page.getByRole('complementary', { name: /thread/i });
    for (const entry of [
      /rows usable/,
      /Training finished in/,
      /held-out rows/,
      /The candidate can move on to approval/,
    ]) {
      await thread.getByText(entry).first().waitFor();
    }
    await thread
      .getByRole('img', { name: /Scores of the first version/ })
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Approve', exact: true }).first().click();
    const question = page.getByRole('dialog');
    await question.getByText('v1 goes into production').waitFor();
    await question.getByRole('button', { name: 'Approve' }).click();
    await heading(/spam v1 is live/);

    const command = await page
      .getByText(/^curl -s/)
      .first()
      .textContent();
    const answer = await sendLikeCurl(command ?? '');
    expect(answer).toEqual([{ label: 'spam', score: expect.any(Number) }]);
  });
});

async function openPage(person: string): Promise<Page> {
  const app = await startApp(await folderWith('spam', sampleFiles.first));
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(`${app.url}/?as=${person}&channel=ml-ops`);
  expect(problems).toEqual([]);
  return page;
}

/** Sends the same request as the copied command. */
async function sendLikeCurl(command: string): Promise<unknown> {
  const [, body = '', url = ''] = /-d '(.*)' (\S+)$/.exec(command) ?? [];
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body });
  return response.json();
}
