import { MlopsError } from '../../../pipeline/core/errors.ts';
import { readModel, readVersionOf } from '../../interaction/arguments.ts';
import type { Command, CommandTools } from '../../interaction/command.ts';
import { instead, Misread } from '../../interaction/misread.ts';
import { diffMessage } from './diff-message.ts';
import { loadDiff } from './load-diff.ts';

export const diff: Command = {
  name: 'diff',
  usage: '<model> [version] [version]',
  summary: 'What changes from one version (or production) to another (or the newest).',
  examples: ['diff spam', 'diff spam 7', 'diff spam v6..v7'],
  options: [],
  maxWords: 3,
  async run({ words, tools }) {
    const named = words.filter((word) => !BETWEEN.has(word.toLowerCase()));
    const model = readModel(tools, named[0]);
    const versions = await versionsOf(tools, model, named.slice(1));
    if (versions.from === versions.to) {
      throw new MlopsError('VERSION_UNKNOWN', `Both versions are v${versions.to}.`, {
        hint: `Name two versions, as in /mlops diff ${model} 6 7.`,
      });
    }
    const compared = await loadDiff(tools.pipeline, model, versions);
    return { ...diffMessage(compared), data: compared };
  },
};

const BETWEEN: ReadonlySet<string> = new Set(['vs', 'vs.', 'versus', 'against', 'from', 'between']);

type Tools = Pick<CommandTools, 'pipeline'>;

async function versionsOf(
  tools: Tools,
  model: string,
  [first, second]: readonly string[],
): Promise<{ readonly from: number; readonly to: number }> {
  if (second !== undefined) {
    const [from, to] = await Promise.all([
      readVersionOf(tools, model, first),
      readVersionOf(tools, model, second),
    ]);
    return { from, to };
  }
  const to = await readVersionOf(tools, model, first ?? 'latest');
  const { production, rollbackTo } = await tools.pipeline.modelStatus(model);
  const live = production?.version.version ?? null;
  if (live === null) throw await nothingLive(tools, model, to);
  if (live !== to) return { from: live, to };
  // The version in production is compared with the one it replaced.
  return { from: rollbackTo ?? (await versionBelow(tools, model, to)) ?? to, to };
}

async function versionBelow({ pipeline }: Tools, model: string, version: number) {
  const [below] = await pipeline.listVersions(model, { below: version, limit: 1 });
  return below?.version ?? null;
}

/** Offers the versions that are there to compare with. */
async function nothingLive({ pipeline }: Tools, model: string, to: number): Promise<Misread> {
  const registered = await pipeline.listVersions(model, { limit: 5 });
  const others = registered.filter(({ version }) => version !== to);
  return new Misread('VERSION_UNKNOWN', `${model} has nothing in production to compare with.`, {
    hint:
      others.length === 0
        ? `Two versions are needed; ${model} has ${registered.length === 0 ? 'none' : 'one'} yet.`
        : 'Compare with another version:',
    corrections: others.map(({ version }) => {
      const [from, until] = version < to ? [version, to] : [to, version];
      return instead([model, `v${from}`, `v${until}`]);
    }),
  });
}
