import type { Membership } from '../../../pipeline/core/access.ts';
import type { ModelStanding, Pipeline, StartedRun } from '../../../pipeline/core/pipeline.ts';
import { type Actor, hasEnded } from '../../../pipeline/core/run.ts';
import { answer, refused } from '../../blocks/answer.ts';
import { headline } from '../../blocks/headline.ts';
import { byLine } from '../../blocks/retirement-line.ts';
import { link } from '../../blocks/rich-text.ts';
import { startedAnswer } from '../../blocks/started.ts';
import type { Bot } from '../../interaction/bot.ts';
import type { Reply } from '../../interaction/command.ts';
import { refuseForModel } from '../../interaction/rights.ts';
import type { RetireChoice } from './retire-modal.ts';

type Tools = Pick<Bot, 'config' | 'pipeline' | 'cards' | 'cardLink'>;

/** Why the model cannot be retired now: it is already, serves nothing, or a run is active. */
export async function refuseRetirement(
  { config, cardLink }: Pick<Tools, 'config' | 'cardLink'>,
  { name, endpoint, retired, activeRuns }: ModelStanding,
): Promise<Reply | null> {
  const [run] = activeRuns;
  if (run?.kind === 'retire') {
    const started = { run, isNew: false };
    return { ...startedAnswer(started, config.channel), data: started };
  }
  if (run !== undefined) {
    const address = await cardLink(run.id);
    return refused(
      `${name} is not retired while a run of it is active.`,
      [address === null ? headline(run) : link(address, headline(run)), `, run ${run.id}`],
      `/mlops stop ${run.id} ends it. Nothing was changed.`,
    );
  }
  if (retired !== null) {
    return { ...answer(`${name} is already retired.`, byLine(retired)), data: { retired } };
  }
  return endpoint === null
    ? refused(`${name} serves nothing, so there is nothing to retire.`)
    : null;
}

/** Starts the run that removes the endpoint, unless the caller may not or something has changed. */
export async function startRetirement(
  tools: Tools,
  { model, configName }: RetireChoice,
  by: { readonly actor: Actor; readonly memberOf: Membership; readonly reason: string },
): Promise<Reply> {
  const refusal = refuseForModel(tools, by, model, 'retire it');
  if (refusal !== null) return refusal;
  const impossible = await refuseRetirement(tools, await tools.pipeline.modelStanding(model));
  if (impossible !== null) return impossible;
  const started = await startAnew(tools.pipeline, {
    requestId: `retire:${configName}`,
    model,
    configName,
    requestedBy: by.actor,
    reason: by.reason.trim(),
  });
  await tools.cards.onEvent(started.run.id);
  return { ...startedAnswer(started, tools.config.channel), data: started };
}

type Request = Omit<Parameters<Pipeline['startRun']>[0] & { kind: 'retire' }, 'kind'>;

/** An earlier attempt that has ended did not remove what serves now. */
async function startAnew(
  pipeline: Pick<Pipeline, 'startRun'>,
  request: Request,
): Promise<StartedRun> {
  const started = await pipeline.startRun({ ...request, kind: 'retire' });
  if (started.isNew || !hasEnded(started.run)) return started;
  return startAnew(pipeline, { ...request, requestId: `retire after ${started.run.id}` });
}
