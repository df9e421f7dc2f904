import { onTestFinished } from 'vitest';
import { createLocalTransport } from '../../bot/cli/local-transport.ts';
import { main } from '../../bot/cli/main.ts';
import { openCliDoor } from '../../bot/local/cli-door.ts';
import type { BotHarness } from '../bot/bot-harness.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';

/** A door over the fake pipeline, and a terminal before it. */
export async function openTerminalOn(bot: BotHarness, options: { isTerminal?: boolean } = {}) {
  const dataFolder = temporaryFolder();
  const door = await openCliDoor({
    bot: bot.bot,
    dataFolder,
    log: (line) => bot.logged.push(line),
  });
  let isOpen = true;
  const close = async () => {
    if (!isOpen) return;
    isOpen = false;
    await door.close();
  };
  onTestFinished(close);
  let sleeping = () => {};
  return {
    dataFolder,
    door,
    close,
    /** Called whenever `--wait` waits, in place of time. */
    onSleep: (listener: () => void) => {
      sleeping = listener;
    },
    async run(...args: string[]) {
      let out = '';
      let error = '';
      const code = await main(args, {
        root: dataFolder,
        transport: () => createLocalTransport(dataFolder),
        out: (text) => {
          out += text;
        },
        error: (text) => {
          error += text;
        },
        isTerminal: options.isTerminal ?? false,
        sleep: async () => sleeping(),
      });
      return { code, out, error };
    },
  };
}
