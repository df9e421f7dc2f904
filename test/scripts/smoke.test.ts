import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type CliReply, CliUnreachable } from '../../bot/cli/protocol.ts';
import config from '../../mlops.config.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { runSmoke } from '../../scripts/smoke/run-smoke.ts';
import { cheapestModel, smokeCost } from '../../scripts/smoke/smoke-cost.ts';
import { smokeDataset } from '../../scripts/smoke/smoke-dataset.ts';
import { sample } from '../bot/sample.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { aDeployment, aRun } from '../fakes/samples.ts';

const [tumour, spam] = [configOf('tumour'), configOf('spam')];

function configOf(model: string) {
  const found = config.models[model];
  if (found === undefined) throw new Error(`The model ${model} is gone.`);
  return found;
}

/**
 * A stage in memory that knows the commands of the smoke test alone. A file starts a run; a retrain
 * waits for approval after a minute; nothing else happens by itself.
 */
function createFakeStage() {
  const clock = createFakeClock('2026-11-20T09:40:00.000Z');
  const runs = new Map<string, Run>();
  const files = new Set<string>();
  const said: string[] = [];
  const typed: string[] = [];
  const broken = new Map<string, string>();
  const interruption = new AbortController();
  let onSleep = () => {};
  let live: Run | null = null;
  let unreachable = 0;

  const change = (id: string, overrides: Partial<Run>) =>
    runs.set(id, { ...(runs.get(id) ?? aRun({ id })), ...overrides });
  const end = (id: string, outcome: Run['outcome']) =>
    change(id, { outcome, endedAt: clock.now().toISOString() });

  function answer(words: readonly string[]): unknown {
    const [command = '', about = ''] = words;
    switch (command) {
      case 'status':
        return [
          {
            production: live && { version: { version: live.version }, runId: live.id },
            endpoint: null,
            activeRuns: [...runs.values()].filter(({ outcome }) => outcome === null),
          },
        ];
      case 'runs':
        return [...runs.values()];
      case 'stop':
        end(about, 'stopped');
        return {};
      case 'logs':
        return { lines: ['step 3'] };
      case 'versions':
        return { versions: [{ version: 1 }] };
      case 'retrain': {
        const id = 'tumour-trained';
        const run = { ...sample('waiting for approval'), id, model: 'tumour', version: 1 };
        runs.set(id, run);
        return { run };
      }
      case 'retire':
        live = null;
        change('tumour-retired', { kind: 'retire', model: 'tumour' });
        end('tumour-retired', 'retired');
        return { run: runs.get('tumour-retired') };
      default:
        throw new Error(`The fake stage knows no ${command}.`);
    }
  }

  return {
    said,
    typed,
    files,
    runs,
    clock,
    text: () => said.join('\n'),
    interrupt: () => interruption.abort(),
    /** The command is refused with that sentence. */
    breakAt: (command: string, sentence: string) => void broken.set(command, sentence),
    whileSleeping: (work: () => void) => {
      onSleep = work;
    },
    /** The next so many looks at a run are not answered. */
    becomeUnreachable: (looks: number) => {
      unreachable = looks;
    },
    approve() {
      const deployment = aDeployment({ verifiedAt: clock.now().toISOString() });
      const { approval } = runs.get('tumour-trained') ?? aRun();
      change('tumour-trained', {
        deployment,
        approval: approval && { ...approval, outcome: 'approved' },
      });
      end('tumour-trained', 'deployed');
      live = runs.get('tumour-trained') ?? null;
    },
    goLive: () => {
      live = aRun({ id: 'tumour-before', version: 3 });
    },
    play: (approvalMinutes = 15) =>
      runSmoke({
        stage: {
          inbox: async () => ({ bucket: 'files', prefix: 'inbox/' }),
          async put(bucket, key) {
            files.add(`${bucket}/${key}`);
            const dataset = { key, fileName: key.split('/')[2] ?? '', version: 'abc', bytes: 9 };
            change('tumour-dropped', { model: 'tumour', dataset });
          },
          remove: async (bucket, key) => void files.delete(`${bucket}/${key}`),
          commands: {
            async command({ words, isConfirmed }): Promise<CliReply> {
              typed.push([...words, isConfirmed ? '--yes' : ''].join(' ').trim());
              const sentence = broken.get(words[0] ?? '');
              return sentence === undefined
                ? { kind: 'answer', text: '', data: answer(words), problem: null }
                : { kind: 'error', code: 'UNEXPECTED', message: sentence, hint: null };
            },
            async run(id) {
              if (unreachable-- > 0) throw new CliUnreachable('Throttled.', { isPassing: true });
              return runs.get(id) ?? null;
            },
          },
        },
        model: 'tumour',
        config: tumour,
        approvalMinutes,
        now: clock.now,
        newRequestId: () => 'request',
        sleep: async (milliseconds) => {
          clock.advance(milliseconds / 1000);
          onSleep();
        },
        interrupted: interruption.signal,
        say: (line) => void said.push(line),
      }),
  };
}

let stage: ReturnType<typeof createFakeStage>;

beforeEach(() => {
  stage = createFakeStage();
});

afterEach(() => vi.unstubAllEnvs());

describe('the smoke test', () => {
  it('plays a history up to a live version and leaves nothing behind', async () => {
    stage.whileSleeping(() => stage.approve());

    expect(await stage.play()).toBe(0);

    expect(stage.typed.filter((words) => !/^(runs|status)/.test(words))).toEqual([
      'stop tumour-dropped',
      'retrain tumour dataset=abc spot=false reason=smoke test',
      'logs tumour-trained train',
      'versions tumour',
      'retire tumour reason=smoke test --yes',
    ]);
    expect(stage.text()).toContain('✓ 13 steps passed.');
    expect(stage.text()).toContain('Deploy it and watch it: v1 was live');
    expect(stage.text()).toContain('These stay: the records of tumour-dropped, tumour-trained');
    expect(stage.files.size).toBe(0);
  });

  it('says what was not played when no one approves, and stops what waits', async () => {
    expect(await stage.play(2)).toBe(0);

    expect(stage.text()).toContain('none within 2 minutes');
    expect(stage.text()).toContain(
      '– Not played: Wait for an approval in Slack; Deploy it and watch it.',
    );
    expect(stage.runs.get('tumour-trained')?.outcome).toBe('stopped');
  });

  it('says which step broke, why and where to look, and cleans up', async () => {
    stage.breakAt('retrain', 'The quota is 0.');

    expect(await stage.play()).toBe(1);

    expect(stage.text()).toMatch(/✗ .*Train, evaluate and judge.*: The quota is 0\.\n +Look at: /);
    expect(stage.text()).toContain('✗ It broke at “Train, evaluate and judge');
    expect(stage.files.size).toBe(0);
    expect(stage.runs.get('tumour-dropped')?.outcome).toBe('stopped');
  });

  it('cleans up the rest when a part of that fails, and says what to do by hand', async () => {
    stage.breakAt('stop', 'Something unexpected went wrong.');
    stage.whileSleeping(() => {
      const run = stage.runs.get('tumour-dropped');
      if (run !== undefined) stage.runs.set(run.id, { ...run, outcome: 'failed', endedAt: 'now' });
    });

    expect(await stage.play()).toBe(1);

    expect(stage.files.size).toBe(0);
    expect(stage.text()).toMatch(/✓ .*End its runs: tumour-dropped/);
  });

  it('stops at once when it is interrupted, and still cleans up', async () => {
    stage.whileSleeping(() => stage.interrupt());

    expect(await stage.play()).toBe(130);

    expect(stage.text()).toContain('✗ It was interrupted at “Wait for an approval in Slack”.');
    expect(stage.runs.get('tumour-trained')?.outcome).toBe('stopped');
    expect(stage.files.size).toBe(0);
  });

  it('touches no model that is live', async () => {
    stage.goLive();

    expect(await stage.play()).toBe(1);

    expect(stage.text()).toContain('tumour is live on this stage. Choose another with --model.');
    expect(stage.typed.filter((words) => !words.startsWith('status'))).toEqual([]);
    expect(stage.files.size).toBe(0);
  });

  it('looks again when a look is not answered', async () => {
    stage.becomeUnreachable(3);
    stage.whileSleeping(() => stage.approve());

    expect(await stage.play()).toBe(0);
  });
});

describe('its cost', () => {
  it('is that of the model with the cheapest machine, on demand', () => {
    expect(cheapestModel(config)).toBe('tumour');
    expect(smokeCost(tumour)).toMatchObject({ expected: expect.closeTo(0.033, 3) });
    expect(smokeCost(spam)?.expected).toBeGreaterThan(0.15);
  });

  it('is not guessed for a machine without a price', () => {
    const training = { ...tumour.training, instanceType: 'ml.p9.huge' };

    expect(smokeCost({ ...tumour, training })).toBeNull();
    expect(cheapestModel({ models: { big: { ...tumour, training } } })).toBeNull();
  });
});

describe('its dataset', () => {
  it.each([
    ['tabular-classification', 'feature_1,feature_2,feature_3,feature_4,label'],
    ['text-classification', 'text,label'],
  ] as const)('of %s is always the same 800 rows, none twice', (task, header) => {
    const [first, ...rows] = smokeDataset({ ...spam, task })
      .trim()
      .split('\n');

    expect(first).toBe(header);
    expect(new Set(rows).size).toBe(800);
    expect(smokeDataset({ ...spam, task })).toBe(smokeDataset({ ...spam, task }));
  });
});

describe('npm run smoke', () => {
  const root = resolve(import.meta.dirname, '../..');
  const smoke = (...args: readonly string[]) => {
    try {
      const all = ['--import', 'tsx', '-e', script, '--', ...args];
      return {
        code: 0,
        out: execFileSync(process.execPath, all, { cwd: root, encoding: 'utf8', stdio: 'pipe' }),
      };
    } catch (error) {
      const { status, stdout, stderr } = error as {
        status: number;
        stdout: string;
        stderr: string;
      };
      return { code: status, out: `${stdout}${stderr}` };
    }
  };
  const script =
    "import('./scripts/smoke/main.ts').then(({ smoke }) => smoke(process.cwd(), process.argv.slice(1)))";

  it('says what it costs, and starts nothing without a yes', () => {
    const { code, out } = smoke('--stage', 'development');

    expect(code).toBe(2);
    expect(out).toContain('It costs about 0.03 USD at list prices, and at most 0.24 USD');
    expect(out).toContain('Nothing was started.');
  });

  it('refuses a stage that there is not', () => {
    const { code, out } = smoke('--stage', 'nowhere');

    expect(code).toBe(2);
    expect(out).toContain('There is no stage “nowhere”');
  });
});
