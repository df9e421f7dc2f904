import { isRepeatedDecision } from '../core/approval.ts';
import type { Pipeline } from '../core/pipeline.ts';
import type { RegisteredVersion } from '../core/ports.ts';
import type { Actor, Instant, Run } from '../core/run.ts';
import {
  changedSinceNote,
  countedNote,
  notADecisionNote,
  refusedNote,
  typedNote,
  unknownUserNote,
} from './approval-note.ts';
import type { FlowDeps } from './flow-deps.ts';

type Deps = Pick<FlowDeps, 'registry' | 'runs' | 'config'> & Pick<Pipeline, 'decide'>;
type Person = Actor & { readonly kind: 'person' };
type Status = RegisteredVersion['approval'];

/** What became of a change; an operator may want to know about `put_back`. */
export type Convergence =
  | { readonly kind: 'agreed' }
  | { readonly kind: 'counted'; readonly by: string }
  | { readonly kind: 'put_back'; readonly found: Status; readonly decided: Status };

/**
 * SageMaker records who changed a version last, not who set its approval. So a change counts only
 * when its event is at most seconds apart: events carry whole seconds, and clocks differ.
 */
const SAME_CHANGE_MILLISECONDS = 5_000;

/**
 * Brings registry and run record in line after an approval was set in the registry. A
 * Studio user whom `studioUsers` names decides as the Slack member they are, by the same rules;
 * everything else is set back to what the record says, with a note that explains why. The event
 * that led here is only a hint: repeated, late or reordered ones find that both agree.
 */
export async function reconcileRegistryApproval(
  deps: Deps,
  changed: { readonly model: string; readonly version: number; readonly at: Instant | null },
): Promise<Convergence> {
  const { model, version } = changed;
  if (!Object.hasOwn(deps.config.models, model)) return { kind: 'agreed' };
  const registered = await deps.registry.get(model, version);
  const run = registered && (await latestAskedRun(deps, registered));
  if (registered === null || run === null) return { kind: 'agreed' };
  if (decidedBy(run) === registered.approval) return { kind: 'agreed' };

  const judged = await judge(deps, registered, run, changed.at);
  const decided = decidedBy(judged.run);
  if (decided !== registered.approval) {
    await deps.registry.setApproval(model, version, decided, judged.note);
  }
  return judged.countedBy === null
    ? { kind: 'put_back', found: registered.approval, decided }
    : { kind: 'counted', by: judged.countedBy };
}

/** A promotion asks again for an old version, so the newest run that asked about it decides. */
async function latestAskedRun(
  deps: Deps,
  { model, version, runId }: RegisteredVersion,
): Promise<Run | null> {
  const runs = await deps.runs.list({ model, limit: 200 });
  const asked = runs.find((run) => run.version === version && run.approval !== null);
  return asked ?? deps.runs.get(runId);
}

/** The registry's status when both agree; a version is pending from its registration on. */
function decidedBy({ approval }: Run): Status {
  switch (approval?.outcome) {
    case 'approved':
    case 'not_needed':
      return 'Approved';
    case 'rejected':
      return 'Rejected';
    default:
      return 'PendingManualApproval';
  }
}

interface Judged {
  /** The record afterwards. */
  readonly run: Run;
  /** For the registry, if it has to change. */
  readonly note: string;
  /** Null when nothing counted. */
  readonly countedBy: string | null;
}

async function judge(
  deps: Deps,
  registered: RegisteredVersion,
  run: Run,
  toldAt: Instant | null,
): Promise<Judged> {
  const notCounted = (note: string): Judged => ({ run, note, countedBy: null });
  const { lastChangeInStudio: change, approval } = registered;
  const person = change === null ? null : personOf(deps.config.studioUsers, change.by);
  if (change === null || person === null) return notCounted(unknownUserNote(change?.by ?? null));
  if (approval === 'PendingManualApproval') return notCounted(notADecisionNote());
  if (!isSameChange(toldAt, change.at)) return notCounted(changedSinceNote());

  const outcome = approval === 'Approved' ? 'approved' : 'rejected';
  const decision = { by: person, outcome, via: 'studio' } as const;
  const result = await deps.decide({
    ...decision,
    runId: run.id,
    digest: registered.digest,
    // Only Slack knows who is in a user group, and the pipeline has no access to Slack.
    memberOf: [person.id],
    reason: typedNote(registered) ?? (outcome === 'rejected' ? 'No reason given.' : null),
  });
  if (result.status === 'counted') return counted(result.run, person);
  const after = (await deps.runs.get(run.id)) ?? run;
  return isRepeatedDecision(result.refusal, decision)
    ? counted(after, person)
    : { run: after, note: refusedNote(result.refusal, after, person.id), countedBy: null };
}

function personOf(studioUsers: Readonly<Record<string, string>>, user: string): Person | null {
  const id = Object.hasOwn(studioUsers, user) ? studioUsers[user] : undefined;
  const [, name = user] = user.split('/');
  return id === undefined ? null : { kind: 'person', id, name };
}

function isSameChange(toldAt: Instant | null, changedAt: Instant): boolean {
  if (toldAt === null) return false;
  return Date.parse(changedAt) - Date.parse(toldAt) <= SAME_CHANGE_MILLISECONDS;
}

function counted(run: Run, person: Person): Judged {
  const note = run.approval === null ? '' : countedNote(run.approval);
  return { run, note, countedBy: person.name };
}
