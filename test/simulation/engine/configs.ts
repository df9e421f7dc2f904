import { type Config, defineConfig } from '../../../pipeline/core/config.ts';
import type { Choices } from './choices.ts';

/** Another configuration, with which the process starts again. */
export interface Upgrade {
  readonly at: number;
  readonly config: Config;
  readonly id: string;
}

/**
 * Configurations that follow each other while runs wait: other approvers, quorum, policy, machines
 * and bake windows. The second to last may leave a model out, the last has all of them.
 */
export function drawUpgrades(
  choices: Choices,
  { models, until }: { readonly models: readonly string[]; readonly until: number },
): readonly Upgrade[] {
  if (!choices.disturbs('upgrades', 0.3)) return [];
  const [first, second] = [0.2, 0.6].map(
    (from, i) => (from + 0.3 * choices.fraction(`when upgrade ${i} is`)) * until,
  );
  const isLeftOut = choices.disturbs('a model is left out', 0.4);
  const left = isLeftOut && models.length > 1 ? models.slice(1) : models;
  return [
    { id: 'upgrade 1', at: first ?? 0, config: drawConfig(choices, left) },
    { id: 'upgrade 2', at: second ?? 0, config: drawConfig(choices, models) },
  ];
}

export function drawConfig(choices: Choices, models: readonly string[]): Config {
  const other = choices.pick('approvers', ['U0GRACE', 'U0GRACE', 'U0ADA']);
  const approval = choices.pick('approval', ['one', 'one', 'two', 'auto'] as const);
  return defineConfig({
    channel: '#ml-ops',
    operators: ['U0ADA', 'U0GRACE'],
    models: Object.fromEntries(
      models.map((model) => [
        model,
        {
          title: model,
          task: 'text-classification',
          recipe: 'words',
          columns: { text: 'text', label: 'label' },
          training: {
            whenNoCapacity: choices.pick('no capacity', ['on-demand', 'fail'] as const),
            maxCapacityWaitMinutes: 30,
            maxRuntimeMinutes: 60,
            instanceType: choices.pick('machine', ['ml.g4dn.xlarge', 'ml.g5.xlarge'] as const),
          },
          gate: { minimum: 0.8, metric: 'accuracy' },
          watch: { minutes: choices.pick('bake window', [10, 10, 30]) },
          approval:
            approval === 'auto'
              ? { mode: 'auto' }
              : {
                  mode: 'people',
                  approvers: [other, 'U0LINUS'],
                  quorum: approval === 'two' ? 2 : 1,
                  selfApproval: choices.chance('self-approval', 0.5),
                  remindAfterHours: 2,
                  expireAfterHours: 8,
                },
        },
      ]),
    ),
  });
}
