import { gateSettings } from '../../../pipeline/core/gate/gate-settings.ts';
import { answer, refused } from '../../blocks/answer.ts';
import { readRun } from '../../interaction/arguments.ts';
import type { Command } from '../../interaction/command.ts';
import { replayMessage } from './replay-message.ts';

const usage = 'replay <run or model> [setting=value …]';

export const gate: Command = {
  name: 'gate',
  usage,
  summary: `Judges the stored answers of a run again, by the present configuration or by other settings: ${gateSettings.join(', ')}. Changes nothing. On AWS: in a terminal.`,
  examples: [
    'gate replay spam',
    'gate replay spam margin=0.01',
    'gate replay spam metric=accuracy',
  ],
  options: gateSettings,
  maxWords: 2,
  async run({ words: [action, word], options, tools, caller }) {
    if (action?.toLowerCase() !== 'replay') {
      return {
        ...answer('What should the gate do?', `Usage: /mlops gate ${usage}`),
        problem: 'usage',
      };
    }
    // On AWS the function that Slack reaches reads no files.
    if (tools.local === null && caller.isConfirmed === undefined) {
      return refused('The gate is replayed from a terminal.', `npx mlops gate ${usage}`);
    }
    const { id } = await readRun(tools, word, 'any');
    const replay = await tools.pipeline.replayGate({ runId: id, settings: options });
    const { policy, recorded, replayed } = replay;
    return {
      ...replayMessage(replay, options),
      data: { run: id, settings: options, policy, recorded, replayed },
    };
  },
};
