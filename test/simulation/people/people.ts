import type { NewFile } from '../../../pipeline/core/data-contract/data-policy.ts';
import type { Actor, Dataset, Run } from '../../../pipeline/core/run.ts';
import type { Choices } from '../engine/choices.ts';
import type { Attempt } from '../invariants/monitor.ts';

export type Person = Extract<Actor, { kind: 'person' }>;

const person = (id: string, name: string): Person => ({ kind: 'person', id, name });

/** Ada and Grace are operators, Grace and Linus approvers; Kit may nothing. */
const ada = person('U0ADA', 'Ada');
const grace = person('U0GRACE', 'Grace');
const linus = person('U0LINUS', 'Linus');
const kit = person('U0KIT', 'Kit');
const everyone = [ada, grace, linus, kit] as const;

/** What a person sets out to do at a moment of the world. */
export type Intention = {
  readonly id: string;
  readonly at: number;
  readonly model: string;
  /** Who types or clicks it in Slack, perhaps without the right; null: elsewhere. */
  readonly inSlack: Person | null;
} & (
  | {
      readonly kind: 'drop';
      readonly dataset: Dataset;
      readonly newFile: NewFile;
      readonly times: number;
    }
  | { readonly kind: 'retrain'; readonly by: Person; readonly times: number }
  | { readonly kind: 'promote'; readonly by: Person; readonly times: number }
  | {
      readonly kind: 'rollback';
      readonly by: Person;
      readonly isNamed: boolean;
      readonly times: number;
    }
  | { readonly kind: 'stop'; readonly by: Person }
  | { readonly kind: 'on_demand'; readonly by: Person }
);

/** How one approver answers one request. */
export interface Reaction {
  readonly delay: number;
  readonly attempt: Attempt;
  /** More than one is a double click. */
  readonly clicks: number;
  /** With the buttons in Slack, where the world has one; else through the command line. */
  readonly inSlack: boolean;
}

const MINUTE = 60_000;

/** What people set out to do, by how often. */
const steady = [
  'drop',
  'drop',
  'drop',
  'drop',
  'retrain',
  'promote',
  'rollback',
  'rollback',
] as const;
/** Where production changes all the time; what few worlds come to happens in these. */
const restless = [
  'drop',
  'drop',
  'drop',
  'promote',
  'rollback',
  'rollback',
  'rollback',
  'rollback',
] as const;

/** Everything people will set out to do, in order; `runs` of it start a run. */
export function drawIntentions(
  choices: Choices,
  { models, runs, until }: { models: readonly [string, ...string[]]; runs: number; until: number },
): readonly Intention[] {
  const intentions: Intention[] = [];
  const usual = choices.chance('people often roll back', 0.25) ? restless : steady;
  for (let i = 0; i < runs; i++) {
    const label = `start ${i}`;
    const model = choices.pick(`${label}: model`, models);
    const at = choices.fraction(`${label}: when`) * until * 0.8;
    const by = choices.pick(`${label}: who`, [ada, grace]);
    const times = choices.disturbs(`${label} twice`, 0.1) ? 2 : 1;
    const who = choices.disturbs(`${label}: by somebody without rights`, 0.2) ? kit : by;
    const inSlack = choices.chance(`${label}: in Slack`, 0.6) ? who : null;
    const common = { id: label, at, model, inSlack };
    const kind = choices.pick(`${label}: what`, usual);
    if (kind === 'drop') {
      const newFile = choices.chance(`${label}: appended`, 0.3) ? 'append' : 'replace';
      intentions.push({ ...common, kind, times, newFile, dataset: datasetOf(model, i) });
    } else if (kind === 'rollback') {
      const isNamed = choices.chance(`${label}: by name`, 0.4);
      intentions.push({ ...common, kind, by, times, isNamed });
    } else intentions.push({ ...common, kind, by, times });
    if (choices.disturbs(`${label}: somebody stops it`, 0.08)) {
      const later = at + choices.fraction(`${label}: stopped after`) * 60 * MINUTE;
      intentions.push({ ...common, id: `${label} stop`, kind: 'stop', at: later, by });
    }
    if (choices.disturbs(`${label}: somebody wants a machine`, 0.08)) {
      intentions.push({
        ...common,
        id: `${label} machine`,
        kind: 'on_demand',
        at: at + 20 * MINUTE,
        by,
      });
    }
  }
  return intentions.sort((a, b) => a.at - b.at);
}

/** Hours after a version left production somebody may want it again, when another is live perhaps. */
export function drawAnotherTry(choices: Choices, run: Run): Intention | null {
  const label = `another try of ${run.id}`;
  if (!choices.chance(label, 0.5)) return null;
  return {
    id: label,
    at: choices.fraction(`${label}: after`) * 480 * MINUTE,
    model: run.model,
    inSlack: null,
    kind: 'rollback',
    by: choices.pick(`${label}: who`, [ada, grace]),
    isNamed: true,
    times: 1,
  };
}

function datasetOf(model: string, i: number): Dataset {
  const version = `${i}`.padStart(12, '0');
  const fileName = `mails-${i}.csv`;
  return { key: `datasets/${model}/${version}/${fileName}`, fileName, version, bytes: 2048 };
}

/** What everybody does about a run that asks for approval. */
export function drawReactions(choices: Choices, run: Run): readonly Reaction[] {
  const digest = run.approval?.digest ?? '';
  return everyone.flatMap((by) => {
    const label = `${by.name} about ${run.id}`;
    const mood = choices.pick(label, [
      'approves',
      'approves',
      'approves',
      'rejects',
      'ignores',
      'ignores',
    ] as const);
    if (mood === 'ignores') return [];
    const isOld = choices.disturbs(`${label}: an old card`, 0.05);
    return [
      {
        delay: choices.fraction(`${label}: after`) ** 3 * 600 * MINUTE,
        clicks: choices.disturbs(`${label}: double click`, 0.15) ? 2 : 1,
        inSlack: choices.chance(`${label}: in Slack`, 0.7),
        attempt: {
          runId: run.id,
          by,
          outcome: mood === 'approves' ? ('approved' as const) : ('rejected' as const),
          digest: isOld ? 'e'.repeat(64) : digest,
        },
      },
    ];
  });
}
