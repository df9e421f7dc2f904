// Throttles each dependency of a run while it is in each of its stages. `npm run drill` plays all of it
// and prints the table of docs/reliability.md; without that, one case of each row is played.
import { mkdirSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { headline } from '../../bot/blocks/headline.ts';
import { type Run, type StageName, stageNames } from '../../pipeline/core/run.ts';
import { createDrillWorld } from './drill/drill-world.ts';
import { type Dependency, dependencies } from './drill/outage.ts';
import { isMotoInstalled, useMoto } from './moto.ts';

const durations = { '1 s': 1, '1 min': 60, '1 h': 3_600, '6 h': 21_600 } as const;
type Duration = keyof typeof durations;

interface Cell {
  readonly dependency: Dependency;
  readonly duration: Duration;
  readonly stage: StageName;
}

const all: readonly Cell[] = dependencies.flatMap((dependency) =>
  (Object.keys(durations) as Duration[]).flatMap((duration) =>
    stageNames.map((stage) => ({ dependency, duration, stage })),
  ),
);
const isWhole = process.env.DRILL === 'all';
/** The longest outage of each dependency, in a stage of its own. */
const cells = isWhole
  ? all
  : all.filter(
      ({ dependency, duration, stage }) =>
        duration === '6 h' && stageNames.indexOf(stage) === dependencies.indexOf(dependency) + 1,
    );

describe.skipIf(!isMotoInstalled)('a dependency that does not answer', { timeout: 300_000 }, () => {
  const moto = useMoto();
  const outcomes = new Map<string, string>();

  it.each(cells)('$dependency for $duration during $stage loses no run', async (cell) => {
    const { dependency, duration, stage } = cell;
    const world = await createDrillWorld(moto, {
      dependency,
      stage,
      seconds: durations[duration],
    });

    const run = await world.play();

    const name = `${dependency} ${duration} ${stage}`;
    outcomes.set(name, 'broken');
    const jobs = world.server.jobRequests();
    for (const { TrainingJobName = '' } of jobs) {
      expect((await world.deps.jobs.describe(TrainingJobName))?.status).not.toBe('InProgress');
    }
    expect(jobs).toHaveLength(2);
    expect(run).not.toBeNull();
    const live = (await world.deps.endpoints.describe('spam'))?.configName ?? null;
    if (run?.outcome === 'deployed') {
      expect(live).toBe(run.deployment?.configName);
      expect(world.server.endpoints.deploys).toEqual([live]);
    } else {
      // It was put back with a reason, to nothing.
      expect(run?.failure?.message).toBeDefined();
      expect(live).toBeNull();
    }
    if (world.slackSide !== null) expectOneCard(world.slackSide, run);
    expect(await world.deps.leases.acquire('spam', 'spam-aaaaaaaa')).toBe('spam-aaaaaaaa');
    outcomes.set(name, run?.outcome ?? 'lost');
  });

  // After each case, so that a drill that is cut off leaves what it has played.
  afterEach(() => {
    if (!isWhole) return;
    mkdirSync('dist', { recursive: true });
    writeFileSync('dist/drill.md', tableOf(outcomes));
  });
});

/** Slack shows how the run ended, in one card whose thread has each entry once. */
function expectOneCard(
  { slack, deadLetters }: NonNullable<Awaited<ReturnType<typeof createDrillWorld>>['slackSide']>,
  run: Run | null,
): void {
  const roots = slack.roots();
  const keys = slack
    .threadOf(roots[0]?.ts ?? '')
    .map(({ metadata }) => metadata?.event_payload.key);
  expect(roots.map(({ text }) => text)).toEqual([run === null ? null : headline(run)]);
  expect(keys).toEqual([...new Set(keys)]);
  expect(keys).toContain('deployed');
  expect([deadLetters, slack.problems]).toEqual([[], []]);
}

function tableOf(outcomes: ReadonlyMap<string, string>): string {
  const header = ['out of service', 'for', ...stageNames];
  const rows = dependencies.flatMap((dependency) =>
    Object.keys(durations).map((duration) => [
      dependency,
      duration,
      ...stageNames.map(
        (stage) => outcomes.get(`${dependency} ${duration} ${stage}`) ?? 'not played',
      ),
    ]),
  );
  const lines = [header, header.map(() => '---'), ...rows];
  return `${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}
