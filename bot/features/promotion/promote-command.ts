import { answer } from '../../blocks/answer.ts';
import { readModel, readVersionOf } from '../../interaction/arguments.ts';
import type { Command, CommandInput, Reply } from '../../interaction/command.ts';
import { refuseOperator } from '../../interaction/rights.ts';
import { loadMarks } from '../versions/load-marks.ts';
import { requestPromotion } from './request-promotion.ts';
import { MAX_OPTIONS, versionChoice } from './version-choice.ts';

const GOALS: ReadonlySet<string> = new Set(['production', 'prod', 'live']);

export const promote: Command = {
  name: 'promote',
  usage: '<model> [version] [reason="…"]',
  summary: 'Asks for approval to put a registered version into production.',
  examples: ['promote spam', 'promote spam 7 reason="better on phishing"'],
  options: ['reason'],
  maxWords: 3,
  async run(input) {
    const { options, tools, caller } = input;
    // “to production” is where every promotion goes.
    const words = input.words.filter((word) => !GOALS.has(word.toLowerCase()));
    const model = readModel(tools, words[0]);
    const refusal = refuseOperator(tools, caller, 'promote a version');
    if (refusal !== null) return refusal;
    if (words[1] === undefined) return askWhich(model, input);
    return requestPromotion(tools, {
      requestId: caller.requestId,
      model,
      requestedBy: caller.actor,
      reason: options.reason ?? null,
      version: await readVersionOf(tools, model, words[1]),
    });
  },
};

async function askWhich(model: string, { tools, caller }: CommandInput): Promise<Reply> {
  const [registered, { production }] = await Promise.all([
    // The live one is no choice.
    tools.pipeline.listVersions(model, { limit: MAX_OPTIONS + 1 }),
    tools.pipeline.modelStatus(model),
  ]);
  const live = production?.version.version ?? null;
  const others = registered.filter(({ version }) => version !== live);
  if (others.length === 0) {
    return answer(
      live === null
        ? `${model} has no registered version yet.`
        : `${model} v${live} is in production, and there is no other version.`,
      `/mlops retrain ${model} trains one.`,
    );
  }
  const { requestId } = caller;
  const marks = await loadMarks(tools.pipeline, others);
  const asked = versionChoice(model, others, { live, requestId, now: tools.clock.now(), marks });
  return { ...asked, data: { model, production: live, versions: others } };
}
