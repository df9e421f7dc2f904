import { MlopsError } from '../../../pipeline/core/errors.ts';
import type { EvidenceSubject } from '../../../pipeline/core/evidence/evidence-report.ts';
import { readModel, readRun, readVersionOf } from '../../interaction/arguments.ts';
import type { Command, CommandTools } from '../../interaction/command.ts';
import { hasEvidence, loadEvidence } from './load-evidence.ts';

const MOST_LOOKED_THROUGH = 20;

/** What a candidate gets right and wrong beside production. */
export const evidence: Command = {
  name: 'evidence',
  usage: '<run or model> [version]',
  summary:
    'What to look at before approving: rows that flipped against production, mistakes, each class with intervals, scores.',
  examples: ['evidence spam', 'evidence spam v4', 'evidence spam-k3v9x2q1'],
  options: [],
  maxWords: 2,
  async run({ words: [word, version], tools, caller }) {
    const { model, subject } = await subjectOf(tools, word, version);
    const { message, report } = await loadEvidence(tools, {
      subject,
      model,
      reader: caller,
      // A mention is answered where everybody reads; a terminal confirms, Slack opens forms.
      isPublic: caller.openModal === undefined && caller.isConfirmed === undefined,
    });
    return { ...message, data: report };
  },
};

async function subjectOf(
  tools: CommandTools,
  word: string | undefined,
  version: string | undefined,
): Promise<{ readonly model: string; readonly subject: EvidenceSubject }> {
  if (version !== undefined) {
    const model = readModel(tools, word);
    const number = await readVersionOf(tools, model, version);
    return { model, subject: { model, version: number } };
  }
  const named = word?.toLowerCase() ?? '';
  if (word !== undefined && !Object.hasOwn(tools.config.models, named)) {
    const { id, model } = await readRun(tools, word, 'any');
    return { model, subject: { runId: id } };
  }
  const model = readModel(tools, word);
  const runs = await tools.pipeline.listRuns({ model, limit: MOST_LOOKED_THROUGH });
  const run = runs.find(hasEvidence);
  if (run !== undefined) return { model, subject: { runId: run.id } };
  throw new MlopsError('RUN_UNKNOWN', `No run of ${model} has been evaluated yet.`, {
    hint: `/mlops status ${model} shows how far it is.`,
  });
}
