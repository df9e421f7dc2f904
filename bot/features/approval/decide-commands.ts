import { refuseDecision } from '../../../pipeline/core/approval.ts';
import type { Run } from '../../../pipeline/core/run.ts';
import { answer, refused } from '../../blocks/answer.ts';
import { modelFacts } from '../../blocks/message.ts';
import { readModel, readRun, readVersionOf } from '../../interaction/arguments.ts';
import type { Command, CommandInput, CommandTools, Reply } from '../../interaction/command.ts';
import { promotionDiff } from '../versions/load-diff.ts';
import { decide } from './decide-actions.ts';
import { decisionQuestion } from './decision-messages.ts';
import { findWaiting } from './find-waiting.ts';
import { refusalAnswer } from './refusal.ts';
import { type Choosing, whichMessage } from './which-message.ts';

export const approve: Command = {
  name: 'approve',
  usage: '<run or model> [version] [reason]',
  summary:
    'Shows what you are asked to approve, with Approve and Reject buttons. Overriding the gate needs a reason.',
  examples: ['approve spam', 'approve spam v7', 'approve spam-a1b2c3d4'],
  options: [],
  maxWords: Number.POSITIVE_INFINITY,
  async run(input) {
    const { runs, reason } = await readApproval(input);
    return askOrDecide(input, { runs, outcome: 'approved', reason });
  },
};

export const reject: Command = {
  name: 'reject',
  usage: '<run or model> <reason>',
  summary: 'Same as approve, with your reason for rejecting filled in.',
  examples: ['reject spam too many newsletters are called spam'],
  options: [],
  maxWords: Number.POSITIVE_INFINITY,
  async run(input) {
    const { runs, reason } = await readRejection(input);
    if (reason === null && isCommandLine(input)) {
      const reply = answer(
        'Say why, in a few words.',
        `Usage: /mlops reject ${runs[0]?.id} <reason>`,
      );
      return { ...reply, problem: 'usage' };
    }
    return askOrDecide(input, { runs, outcome: 'rejected', reason });
  },
};

/** The waiting runs of a model, or of one version of it, and the reason behind. */
async function readApproval({
  words,
  tools,
  caller,
}: CommandInput): Promise<{ runs: readonly Run[]; reason: string | null }> {
  const isVersion = (word: string | undefined) => /^v\d{1,9}$/i.test(word ?? '');
  const named = isVersion(words[0]) ? [undefined, ...words] : words;
  const [subject, version, ...rest] = isVersion(named[1])
    ? named
    : [named[0], undefined, ...named.slice(1)];
  const reason = rest.join(' ') || null;
  if (version === undefined) return { runs: await findWaiting({ tools, caller }, subject), reason };
  const model = readModel(tools, subject);
  const wanted = await readVersionOf(tools, model, version);
  return { runs: [await readRun(tools, model, 'waiting', wanted)], reason };
}

/** The command line has no buttons; `--yes` replaces them. */
const isCommandLine = ({ caller }: CommandInput): boolean => caller.isConfirmed !== undefined;

/** In a run's thread every word belongs to the reason, unless the first is a run id. */
async function readRejection({
  words,
  tools,
  caller,
}: CommandInput): Promise<{ runs: readonly Run[]; reason: string | null }> {
  const [first, ...rest] = words;
  const threadRun = caller.about?.runId ?? caller.about?.model;
  const isThread = threadRun !== undefined;
  const namesRun = !isThread || (first !== undefined && (await tools.pipeline.getRun(first)));
  const runs = await findWaiting({ tools, caller }, namesRun ? first : threadRun);
  return { runs, reason: (namesRun ? rest : words).join(' ') || null };
}

/** Shows what would be decided; on the command line with `--yes`, decides it. */
async function askOrDecide(
  { tools, caller }: CommandInput,
  { runs, ...choosing }: Choosing & { readonly runs: readonly Run[] },
): Promise<Reply> {
  const { outcome, reason } = choosing;
  const { actor, memberOf, isConfirmed, from = 'slack' } = caller;
  if (actor.kind === 'system') {
    return refused(
      'Only a person can approve or reject.',
      'Use the buttons on the card in Slack; with the app on this machine, --as U0ADA names the person.',
    );
  }
  const [run, another] = runs;
  if (run === undefined || another !== undefined) {
    const asked = whichMessage(
      runs,
      { ...choosing, withIds: isConfirmed !== undefined },
      tools.config,
    );
    return {
      ...asked,
      ...(isConfirmed === true ? { problem: 'usage' as const } : {}),
      data: runs.map(factsOf),
    };
  }
  const digest = run.approval?.digest ?? '';
  const refusal = refuseDecision(run, { by: actor, memberOf, digest, now: tools.clock.now() });
  if (refusal !== null) return refusalAnswer(refusal, actor);
  if (isConfirmed === true) {
    const by = actor;
    return decide(tools, { runId: run.id, digest, by, memberOf, outcome, reason, from });
  }
  const rejecting = outcome === 'rejected' ? reason : null;
  return { ...(await questionAbout(tools, run, rejecting)), data: factsOf(run) };
}

/** What would be decided, with the buttons of the card; `reason` is for rejecting. */
export async function questionAbout(
  { config, pipeline }: Pick<CommandTools, 'config' | 'pipeline'>,
  run: Run,
  reason: string | null,
) {
  const facts = { ...modelFacts(config, run.model), diff: await promotionDiff(pipeline, run) };
  return decisionQuestion(run, facts, reason);
}

function factsOf({ id, model, version, evaluatedAgainst, verdict, approval }: Run) {
  return {
    run: id,
    model,
    version,
    against: evaluatedAgainst,
    verdict: verdict?.outcome ?? null,
    quorum: approval?.quorum,
    decisions: approval?.decisions,
    expiresAt: approval?.expiresAt,
    digest: approval?.digest,
  };
}
