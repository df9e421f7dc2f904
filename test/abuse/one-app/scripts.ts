import { setTimeout as delay } from 'node:timers/promises';
import { type Browser, chromium } from 'playwright-core';
import { expect } from 'vitest';
import { attack } from '../attack.ts';
import { sendJson } from '../send.ts';
import type { Target } from './target.ts';

/** Messages with scripts, as a browser shows them. */
export function scripts(target: () => Target): void {
  attack('XSS in Chromium', 'runs no script', async (survives) => {
    const { url } = target();
    let browser: Browser | null = null;
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
    });
    try {
      const page = await browser.newPage();
      const ran: string[] = [];
      await page.exposeFunction('canary', (text: string) => void ran.push(text));
      page.on('dialog', (dialog) => {
        ran.push(dialog.message());
        void dialog.dismiss();
      });
      const payloads = [
        '<script>canary(1)</script>',
        '<img src=x onerror=canary(1)>',
        '<svg/onload=canary(1)>',
        '"><img src=x onerror=canary(1)>',
        '<a href="javascript:canary(1)">x</a>',
        '<javascript:canary(1)|click>',
        '<https://x.example/"onmouseover="canary(1)|x>',
        '`<script>canary(1)</script>`',
        '```<img src=x onerror=canary(1)>```',
        '<iframe srcdoc="<script>parent.canary(1)</script>">',
        '<math><mtext></table><img src=x onerror=canary(1)>',
        '<details open ontoggle=canary(1)>',
        '<style>@import "javascript:canary(1)"</style>',
        '<meta http-equiv=refresh content="0;url=javascript:canary(1)">',
        '<base href="javascript:canary(1)//">',
        '<form action="javascript:canary(1)"><button>x</button></form>',
        '*<b onmouseover=canary(1)>x</b>*',
        '&lt;script&gt;canary(1)&lt;/script&gt;',
        '\u003cscript\u003ecanary(1)\u003c/script\u003e',
        '<!--><script>canary(1)</script>-->',
      ];
      for (const text of payloads) {
        await sendJson(url, '/api/messages', { user: 'U0ADA', channel: 'C0MLOPS', text });
      }
      await page.goto(`${url}/?as=grace&channel=ml-ops`);
      await page.getByText('canary').first().waitFor();
      await delay(300);
      for (const text of payloads) {
        await survives(text, async () => {
          expect(ran).toEqual([]);
          expect(
            await page
              .locator(
                'script:not([src]), iframe, [onerror], [onload], [ontoggle], [href^="javascript"]',
              )
              .count(),
          ).toBe(0);
        });
      }
    } finally {
      await browser.close();
    }
  });
}
