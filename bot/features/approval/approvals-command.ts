import { refuseDecision } from '../../../pipeline/core/approval.ts';
import type { Run } from '../../../pipeline/core/run.ts';
import { isWaitingForApproval } from '../../blocks/headline.ts';
import type { Caller, Command, CommandTools } from '../../interaction/command.ts';
import { MAX_WAITING, waitingMessage } from './waiting-message.ts';

export const approvals: Command = {
  name: 'approvals',
  usage: '',
  summary: 'Open approval requests and their deadlines; yours first.',
  examples: ['approvals'],
  options: [],
  maxWords: 0,
  async run({ tools, caller }) {
    const active = await tools.pipeline.listRuns({ ended: false, limit: 200 });
    const waiting = active
      .filter(isWaitingForApproval)
      .map((run) => ({ run, isMine: mayDecide(run, tools, caller) }))
      .sort((a, b) => Number(b.isMine) - Number(a.isMine));
    const linked = await Promise.all(
      waiting.map(async (each, index) => ({
        ...each,
        link: index < MAX_WAITING ? await tools.cardLink(each.run.id) : null,
      })),
    );
    const data = linked.map(({ run, isMine, link }) => ({
      run: run.id,
      model: run.model,
      version: run.version,
      approvers: run.approval?.approvers,
      requestedAt: run.approval?.requestedAt,
      expiresAt: run.approval?.expiresAt,
      isMine,
      link,
    }));
    return { ...waitingMessage(linked, tools.clock.now()), data };
  },
};

function mayDecide(run: Run, { clock }: CommandTools, { actor, memberOf }: Caller): boolean {
  const digest = run.approval?.digest ?? '';
  return refuseDecision(run, { by: actor, memberOf, digest, now: clock.now() }) === null;
}
