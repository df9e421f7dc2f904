import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium as browserType, type Locator, type Page } from 'playwright-core';
import { type Picture, smallPng } from './small-png.ts';

/** The size of a laptop's browser window. */
const WINDOW = { width: 1440, height: 900 };
const MOST_BYTES = 200_000;

export type Camera = Awaited<ReturnType<typeof openCamera>>;

/** A browser on the page, and pictures of it. */
export async function openCamera(options: { chromium: string; url: string; folder: string }) {
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
    /** Looks at the workspace as somebody, such as `{ as: 'grace', tab: 'home' }`. */
    async visit(query: Readonly<Record<string, string>>): Promise<Page> {
      await page.goto(`${url}/?${new URLSearchParams(query)}`);
      await page.locator('html[data-ready="true"]').waitFor();
      return page;
    },
    /** A picture of the window, or of one part of it with a little room around. */
    async take(name: string, part?: Locator): Promise<void> {
      const path = join(folder, `${name}.png`);
      await page.evaluate(async () => {
        await document.fonts.ready;
        await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
      });
      const box = part === undefined ? null : await part.boundingBox();
      const shot = await page.screenshot({
        animations: 'disabled',
        ...(box === null ? {} : { clip: around(box) }),
      });
      const png = smallPng(await pixelsOf(page, shot));
      writeFileSync(path, png);
      console.log(`   ◉ ${path} (${Math.round(png.length / 1000)} kB)`);
      if (png.length > MOST_BYTES) {
        throw new Error(`${path} has ${png.length} bytes, at most ${MOST_BYTES}.`);
      }
    },
    close: () => browser.close(),
  };
}

/** The browser decodes its own picture. */
async function pixelsOf(page: Page, png: Buffer): Promise<Picture> {
  const { width, height, data } = await page.evaluate(async (encoded) => {
    const image = new Image();
    image.src = `data:image/png;base64,${encoded}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext('2d');
    if (!context) throw new Error('No canvas.');
    context.drawImage(image, 0, 0);
    const { data: bytes } = context.getImageData(0, 0, image.width, image.height);
    let binary = '';
    for (let at = 0; at < bytes.length; at += 8_192) {
      binary += String.fromCharCode(...bytes.subarray(at, at + 8_192));
    }
    return { width: image.width, height: image.height, data: btoa(binary) };
  }, png.toString('base64'));
  return { width, height, pixels: Buffer.from(data, 'base64') };
}

function around(box: { x: number; y: number; width: number; height: number }) {
  const room = 24;
  const x = Math.max(0, box.x - room);
  const y = Math.max(0, box.y - room);
  return {
    x,
    y,
    width: Math.min(WINDOW.width - x, box.width + 2 * room),
    height: Math.min(WINDOW.height - y, box.height + 2 * room),
  };
}
