import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium as browserType, type Locator, type Page } from 'playwright-core';

/** A browser window on a laptop. */
const WINDOW = { width: 1440, height: 900 };
/** Keeps the repository small. */
const MOST_BYTES = 400_000;

export type ScreenshotBrowser = Awaited<ReturnType<typeof openScreenshotBrowser>>;

/** Opens the page in a browser that takes screenshots into `folder`. */
export async function openScreenshotBrowser(options: {
  chromium: string;
  url: string;
  folder: string;
}) {
  const { url, folder } = options;
  mkdirSync(folder, { recursive: true });
  const browser = await browserType.launch({
    executablePath: options.chromium,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  const context = await browser.newContext({ viewport: WINDOW, colorScheme: 'light' });
  const page = await context.newPage();

  return {
    page,
    /** Opens the workspace as a user, such as `{ as: 'grace', tab: 'home' }`. */
    async visit(query: Readonly<Record<string, string>>): Promise<Page> {
      await page.goto(`${url}/?${new URLSearchParams(query)}`);
      await page.locator('html[data-ready="true"]').waitFor();
      return page;
    },
    /** Takes a screenshot of the window, or of one part of it with a margin. */
    async take(name: string, part?: Locator): Promise<void> {
      const path = join(folder, `${name}.png`);
      await page.evaluate(async () => {
        await document.fonts.ready;
        await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
      });
      const box = part === undefined ? null : await part.boundingBox();
      const png = await page.screenshot({
        path,
        animations: 'disabled',
        ...(box === null ? {} : { clip: around(box) }),
      });
      console.log(`   ◉ ${path} (${Math.round(png.length / 1000)} kB)`);
      if (png.length > MOST_BYTES) {
        throw new Error(`${path} has ${png.length} bytes; the limit is ${MOST_BYTES}.`);
      }
    },
    close: () => browser.close(),
  };
}

function around(box: { x: number; y: number; width: number; height: number }) {
  const margin = 24;
  const x = Math.max(0, box.x - margin);
  const y = Math.max(0, box.y - margin);
  return {
    x,
    y,
    width: Math.min(WINDOW.width - x, box.width + 2 * margin),
    height: Math.min(WINDOW.height - y, box.height + 2 * margin),
  };
}
