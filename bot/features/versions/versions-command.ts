import { readModel } from '../../interaction/arguments.ts';
import type { Command } from '../../interaction/command.ts';
import { loadMarks } from './load-marks.ts';
import { MAX_VERSIONS, versionsMessage } from './versions-message.ts';

export const versions: Command = {
  name: 'versions',
  usage: '<model>',
  summary: 'The registered versions of a model, newest first.',
  examples: ['versions spam'],
  options: [],
  maxWords: 1,
  async run({ words: [word], tools }) {
    const model = readModel(tools, word);
    const [registered, { production }] = await Promise.all([
      // One more than is shown says whether there are older ones.
      tools.pipeline.listVersions(model, { limit: MAX_VERSIONS + 1 }),
      tools.pipeline.modelStatus(model),
    ]);
    const live = production?.version.version ?? null;
    const marks = await loadMarks(tools.pipeline, registered);
    const data = {
      model,
      production: live,
      versions: registered.map((each) => ({ ...each, mark: marks.get(each.version) ?? null })),
    };
    const links = new Map<number, string>();
    await Promise.all(
      registered.slice(0, MAX_VERSIONS).map(async ({ version, runId }) => {
        const address = await tools.cardLink(runId);
        if (address !== null) links.set(version, address);
      }),
    );
    return { ...versionsMessage(model, registered, live, marks, links), data };
  },
};
