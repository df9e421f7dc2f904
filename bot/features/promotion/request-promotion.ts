import type { StartRun } from '../../../pipeline/core/pipeline.ts';
import type { Run } from '../../../pipeline/core/run.ts';
import { actorName } from '../../blocks/actor.ts';
import { ago } from '../../blocks/ago.ts';
import { answer, refused } from '../../blocks/answer.ts';
import { headline, isWaitingForApproval } from '../../blocks/headline.ts';
import { type Line, link } from '../../blocks/rich-text.ts';
import { startedAnswer } from '../../blocks/started.ts';
import type { CommandTools, Reply } from '../../interaction/command.ts';
import { undecidable } from '../approval/undecidable.ts';

type Request = Omit<Extract<StartRun, { kind: 'promote' }>, 'kind'>;

/**
 * Asks for approval of the version, unless no one could give it. A version that is waiting already is
 * not asked about twice: the answer leads to its card.
 */
export async function requestPromotion(tools: CommandTools, request: Request): Promise<Reply> {
  const { model, version, requestedBy } = request;
  const registered = await tools.pipeline.getVersion(model, version);
  const verdict = registered?.verdict ?? 'pass';
  const problem = await undecidable(tools, { model, verdict, requestedBy });
  if (problem !== null) return refused(...problem);
  const started = await tools.pipeline.startRun({ ...request, kind: 'promote' });
  const { run, isNew } = started;
  await tools.cards.onEvent(run.id);
  const reply =
    isNew || !isWaitingForApproval(run)
      ? startedAnswer(started, tools.config.channel)
      : answer(
          `${model} v${version} is waiting for approval already.`,
          sinceLine(run, tools.clock.now()),
          await cardLine(tools, run),
        );
  return { ...reply, data: started };
}

function sinceLine({ kind, requestedBy, approval, updatedAt }: Run, now: Date): string {
  const asked = kind === 'promote' ? 'asked for it' : 'started the retrain that made it';
  return `${actorName(requestedBy)} ${asked}; approval was requested ${ago(approval?.requestedAt ?? updatedAt, now)}.`;
}

async function cardLine({ cardLink }: CommandTools, run: Run): Promise<Line> {
  const address = await cardLink(run.id);
  return [
    `${headline(run)} · run ${run.id}`,
    ...(address === null ? [] : [' · ', link(address, 'open the card')]),
  ];
}
