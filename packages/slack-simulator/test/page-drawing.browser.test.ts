import type { Locator, Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startChromium } from './page-harness.ts';
import { CHANNEL, type Harness, startHarness } from './workspace-harness.ts';

const chromium = startChromium();
let harness: Harness;
let page: Page;
let complaints: readonly string[];

beforeEach(async () => {
  harness = await startHarness({
    behave(app) {
      app.event('app_home_opened', async ({ event, client }) => {
        const blocks = [
          { type: 'header' as const, text: { type: 'plain_text' as const, text: 'Your models' } },
        ];
        await client.views.publish({ user_id: event.user, view: { type: 'home', blocks } });
      });
    },
  });
});

afterEach(() => harness.stop());

async function open(path = '/', colorScheme: 'light' | 'dark' = 'light'): Promise<void> {
  ({ page, complaints } = await chromium.open(`${harness.workspace.url}${path}`, colorScheme));
}

describe('the page', () => {
  it('never turns text, names of files or blocks of a stranger into markup', async () => {
    const evil = '<img src=x onerror="document.title=1"> &lt;!channel&gt;';
    await harness.app.client.chat.postMessage({
      channel: CHANNEL,
      text: evil,
      blocks: [
        { type: 'section', text: { type: 'mrkdwn', text: evil } },
        {
          type: 'markdown',
          text: '<img src=x onerror="document.title=1"> [x](javascript:alert(1))',
        },
      ],
    });
    await harness.app.client.filesUploadV2({
      channel_id: CHANNEL,
      file: Buffer.from('<script>document.title=1</script>'),
      filename: '<b>rows.html',
    });
    await open();
    await page.locator('.file-card').waitFor();

    expect(await page.title()).toBe('Acme ML · mlops');
    expect(await page.locator('.message img').count()).toBe(0);
    expect(await page.locator('.message .mention').count()).toBe(0);
    expect(await page.locator('.message a[href^="javascript"]').count()).toBe(0);
    expect(await page.locator('.message').first().textContent()).toContain('<!channel>');
    const file = await fetch(
      `${harness.workspace.url}${await page.locator('.file-card').getAttribute('href')}`,
    );
    expect(file.headers.get('content-disposition')).toContain('attachment');
    expect(complaints).toEqual([]);
  });

  it('catches up by itself when the workspace was restarted behind it', async () => {
    const { stateFolder, workspace } = harness;
    await open();
    await harness.stop({ forget: false });
    await page.getByText('Connection lost').waitFor();

    const port = Number(new URL(workspace.url).port);
    harness = await startHarness({ behave: () => {}, stateFolder, workspace: { port } });
    await harness.app.client.chat.postMessage({ channel: CHANNEL, text: 'while you were away' });

    await page.locator('.message').getByText('while you were away').waitFor();
    await page.getByText('Connection lost').waitFor({ state: 'detached' });
  });

  it('draws charts that fit a phone', async () => {
    const categories = ['Mon', 'Tue'];
    const data = categories.map((label, index) => ({ label, value: index - 0.5 }));
    const chart = {
      type: 'bar',
      series: [{ name: 'recall', data }],
      axis_config: { categories, y_label: 'Points' },
    };
    const blocks = [{ type: 'data_visualization', title: 'Against production', chart }];
    await harness.app.client.chat.postMessage({
      channel: CHANNEL,
      text: 'chart',
      blocks: blocks as never,
    });
    await open('/?as=ada', 'dark');
    await page.setViewportSize({ width: 390, height: 800 });

    const drawing = page.getByRole('img', { name: /Against production/ });
    await drawing.waitFor();

    await page.getByText('recall').waitFor();
    expect((await drawing.boundingBox())?.width).toBeLessThan(340);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expect(complaints).toEqual([]);
  });

  it('draws every emoji with the font it brings, and everything else with a font of the machine', async () => {
    const emoji = '✅❌⚠️⏳⏸️↩️☑️ℹ️▶️⚪🟢🔴🚀👩🏽‍🔬🇸🇪:robot_face::tada::white_check_mark:';
    const words = 'v1 → v2, 0 1 2 3 # * © ™ “…” – ✓';
    for (const text of [emoji, words]) {
      await harness.app.client.chat.postMessage({ channel: CHANNEL, text });
    }
    await open();
    await page.getByText(words).waitFor();
    await page.evaluate(() => document.fonts.ready);

    const drawn = await fontsOf(page.getByText('👩🏽‍🔬'));

    expect(drawn).toEqual(['Twemoji Mozilla']);
    expect(await fontsOf(page.getByText(words))).not.toContain('Twemoji Mozilla');
    expect(complaints).toEqual([]);
  });

  it('has a Home tab, follows the dark colour scheme and remembers another choice', async () => {
    await open('/?tab=home', 'dark');
    await page.getByRole('heading', { name: 'Your models' }).waitFor();

    const dark = await describePixels(await page.screenshot());
    await page.getByRole('button', { name: 'Use light colours' }).click();
    await page.reload();
    await page.getByRole('heading', { name: 'Your models' }).waitFor();
    const light = await describePixels(await page.screenshot());

    expect(dark.colours).toBeGreaterThan(20);
    expect(dark.brightness).toBeLessThan(70);
    expect(light.brightness).toBeGreaterThan(150);
    expect(complaints).toEqual([]);
  });
});

/** The families that draw the text of an element. */
async function fontsOf(element: Locator): Promise<readonly string[]> {
  await element.evaluate((found) => found.setAttribute('id', 'looked-at'));
  const session = await page.context().newCDPSession(page);
  await session.send('DOM.enable');
  await session.send('CSS.enable');
  const { root } = await session.send('DOM.getDocument');
  const asked = { nodeId: root.nodeId, selector: '#looked-at' };
  const { nodeId } = await session.send('DOM.querySelector', asked);
  const { fonts } = await session.send('CSS.getPlatformFontsForNode', { nodeId });
  await element.evaluate((found) => found.removeAttribute('id'));
  return fonts.map(({ familyName }) => familyName);
}

/** Mean brightness (0 to 255) and number of colours of a screenshot, read back by the browser itself. */
async function describePixels(png: Buffer): Promise<{ brightness: number; colours: number }> {
  return page.evaluate(async (data) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext('2d');
    if (!context) throw new Error('No canvas.');
    context.drawImage(image, 0, 0);
    const { data: pixels } = context.getImageData(0, 0, image.width, image.height);
    const colours = new Set<number>();
    let sum = 0;
    for (let at = 0; at < pixels.length; at += 4) {
      const [red = 0, green = 0, blue = 0] = pixels.subarray(at, at + 3);
      colours.add((red << 16) | (green << 8) | blue);
      sum += (red + green + blue) / 3;
    }
    return { brightness: sum / (pixels.length / 4), colours: colours.size };
  }, png.toString('base64'));
}
