import { modelOfRun } from '../../../pipeline/core/names.ts';
import { deployedVersion, type Run } from '../../../pipeline/core/run.ts';
import { isWaitingForApproval } from '../../blocks/headline.ts';
import type { CommandInput } from '../../interaction/command.ts';

/** What a question is about. */
export interface Subject {
  /** Null for every model. */
  readonly model: string | null;
  readonly version: number | null;
  /** The sentence, in lower case. */
  readonly sentence: string;
}

const MOST_RUNS = 100;

/** The model and version the question names, or those of the thread it is asked in. */
export function subjectOf({ words, tools, caller }: CommandInput): Subject {
  const { models } = tools.config;
  const [only, second] = Object.keys(models);
  const named = words.find((word) => Object.hasOwn(models, word));
  const run = words.find((word) => Object.hasOwn(models, modelOfRun(word)));
  const version = words.map((word) => /^v(\d{1,9})\W*$/i.exec(word)?.[1]).find(Boolean);
  const single = second === undefined ? only : undefined;
  return {
    model:
      named ??
      (run === undefined ? undefined : modelOfRun(run)) ??
      caller.about?.model ??
      single ??
      null,
    version: version === undefined ? null : Number(version),
    sentence: words.join(' ').toLowerCase(),
  };
}

/** What happened to a run, by the words people use for it. */
const states: readonly { readonly said: RegExp; readonly is: (run: Run) => boolean }[] = [
  {
    said: /\bblock\w*|\bgate\b/,
    is: (run) => run.verdict?.outcome === 'fail' || run.outcome === 'blocked',
  },
  { said: /\bfail\w*|\bcrash\w*|\berror\w*/, is: (run) => run.outcome === 'failed' },
  { said: /\breject\w*|\bdeclin\w*/, is: (run) => run.approval?.outcome === 'rejected' },
  {
    said: /\bapprov\w*|\baccept\w*/,
    is: (run) => run.approval?.decisions.some(({ outcome }) => outcome === 'approved') === true,
  },
  {
    said: /\broll\w*|\brevert\w*|\bundo\w*|\bundone\b/,
    is: (run) => run.kind === 'rollback' || run.deployment?.revertedAt != null,
  },
  { said: /\bstop\w*|\bcancel\w*/, is: (run) => run.stopRequestedBy !== null },
  { said: /\bexpir\w*/, is: (run) => run.outcome === 'expired' },
  { said: /\bwait\w*|\bpending\b/, is: isWaitingForApproval },
  { said: /\binterrupt\w*/, is: (run) => (run.training?.interruptions.length ?? 0) > 0 },
  {
    said: /\blive\b|\bdeploy\w*|\bproduction\b|\bpromot\w*|\breleas\w*/,
    is: (run) => deployedVersion(run) !== null,
  },
  { said: /\btrain\w*|\bretrain\w*/, is: (run) => run.kind === 'retrain' },
];

/** The run a question is about, and whether it is one of what the question says happened. */
export interface Found {
  readonly run: Run | null;
  readonly isAsSaid: boolean;
}

/**
 * The newest run to which happened what the question says; the run of the thread, or the newest one,
 * when the question says nothing of the kind.
 */
export async function findRun(input: CommandInput, subject: Subject): Promise<Found> {
  const { tools, caller, words } = input;
  const byId = await firstRun(
    words.filter((word) => word.includes('-')),
    tools,
  );
  if (byId !== null) return { run: byId, isAsSaid: true };
  const { model, version, sentence } = subject;
  const listed = await tools.pipeline.listRuns({
    ...(model === null ? {} : { model }),
    limit: MOST_RUNS,
  });
  const isNegative = /\bnot\b|n['’]t\b|\bnever\b/.test(sentence);
  const state = isNegative ? undefined : states.find(({ said }) => said.test(sentence));
  const about = version === null ? listed : listed.filter((run) => run.version === version);
  const threadRun = about.find(({ id }) => id === caller.about?.runId);
  const inOrder = threadRun === undefined ? about : [threadRun, ...about];
  const asSaid = inOrder.find((run) => state?.is(run) ?? true);
  return { run: asSaid ?? inOrder[0] ?? null, isAsSaid: asSaid !== undefined };
}

async function firstRun(
  ids: readonly string[],
  { pipeline }: CommandInput['tools'],
): Promise<Run | null> {
  const found = await Promise.all(ids.map((id) => pipeline.getRun(id)));
  return found.find((run) => run !== null) ?? null;
}
