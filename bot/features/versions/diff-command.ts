import { MlopsError } from '../../../pipeline/core/errors.ts';
import { readModel, readVersion } from '../../interaction/arguments.ts';
import type { Command } from '../../interaction/command.ts';
import { diffMessage } from './diff-message.ts';
import { loadDiff } from './load-diff.ts';

export const diff: Command = {
  name: 'diff',
  usage: '<model> <version> [version]',
  summary: 'What changes from one version (or production) to another.',
  examples: ['diff spam 6 7', 'diff spam 7'],
  options: [],
  maxWords: 3,
  async run({ words, tools }) {
    const model = readModel(tools, words[0]);
    const first = readVersion(words[1]);
    const versions =
      words[2] === undefined
        ? { from: await liveVersion(tools.pipeline, model), to: first }
        : { from: first, to: readVersion(words[2]) };
    if (versions.from === versions.to) {
      throw new MlopsError('VERSION_UNKNOWN', `Both versions are v${first}.`, {
        hint: `Name two versions, as in /mlops diff ${model} 6 7.`,
      });
    }
    const compared = await loadDiff(tools.pipeline, model, versions);
    return { ...diffMessage(compared), data: compared };
  },
};

async function liveVersion(
  pipeline: Parameters<Command['run']>[0]['tools']['pipeline'],
  model: string,
): Promise<number> {
  const { production } = await pipeline.modelStatus(model);
  if (production !== null) return production.version.version;
  throw new MlopsError('VERSION_UNKNOWN', `${model} has nothing in production to compare with.`, {
    hint: `Name two versions, as in /mlops diff ${model} 6 7.`,
  });
}
