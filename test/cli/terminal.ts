import { onTestFinished } from 'vitest';
import { openCliServer } from '../../bot/adapters/local/cli-server.ts';
import { createLocalTransport } from '../../bot/cli/local-transport.ts';
import { type CliSurroundings, main } from '../../bot/cli/main.ts';
import type { BotHarness } from '../bot/bot-harness.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';

/** A server of the command line over the fake pipeline, and a terminal connected to it. */
export async function openTerminalOn(bot: BotHarness, options: { isTerminal?: boolean } = {}) {
  const dataFolder = temporaryFolder();
  const server = await openCliServer({
    bot: bot.bot,
    dataFolder,
    log: (line) => bot.logged.push(line),
  });
  let isOpen = true;
  const close = async () => {
    if (!isOpen) return;
    isOpen = false;
    await server.close();
  };
  onTestFinished(close);
  const terminal = createTerminal({
    root: dataFolder,
    openLocal: () => createLocalTransport(dataFolder),
    ...options,
  });
  return { dataFolder, server, close, ...terminal };
}

/** The command line with its output captured. Using anything the test did not provide throws. */
export function createTerminal(around: Partial<CliSurroundings>) {
  let sleeping = () => {};
  return {
    /** Called in place of each pause of `--wait`. */
    onSleep: (listener: () => void) => {
      sleeping = listener;
    },
    async run(...args: string[]) {
      let out = '';
      let error = '';
      const code = await main(args, {
        root: '/nowhere',
        stage: null,
        openLocal: () => {
          throw new Error('This test has no app on this machine.');
        },
        openStage: async () => {
          throw new Error('This test has no stage.');
        },
        isTerminal: false,
        ...around,
        out: (text) => {
          out += text;
        },
        error: (text) => {
          error += text;
        },
        sleep: async () => sleeping(),
      });
      return { code, out, error };
    },
  };
}
