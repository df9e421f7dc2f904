import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { JobDescription, JobSpec } from '../../pipeline/core/ports.ts';
import { createFolderArtifactStore } from '../../pipeline/local/folder-artifact-store.ts';
import { createBaselineAhead } from '../../pipeline/local/job-runner/baseline-ahead.ts';
import {
  identifyProcess,
  isRunning,
  type ProcessIdentity,
} from '../../pipeline/local/processes.ts';
import {
  aScriptSpec,
  trainingFolder as fixtures,
  makeJobRunner,
  python,
} from './job-runner-harness.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Notes its process; then it writes what it was given, or does not end. */
const fit = `import json, os, pathlib, time
folder = pathlib.Path(os.environ["SM_OUTPUT_DATA_DIR"])
asked = json.loads((pathlib.Path(os.environ["SM_INPUT_CONFIG_DIR"]) / "hyperparameters.json").read_text())
given = {name: os.environ[name] for name in ("SM_CHANNEL_TRAIN", "SM_CHANNEL_TEST")}
if asked["baseline"] == "tfidf":
    (folder / "tmp").write_text(json.dumps({**asked, **given}))
    (folder / "tmp").rename(folder / "baseline.json")
pathlib.Path("../../pid.tmp").write_text(str(os.getpid()))
pathlib.Path("../../pid.tmp").rename("../../pid")
if asked["baseline"] != "tfidf":
    time.sleep(600)
`;

/** A folder `training` with the fixture script and a fit. */
function aTrainingFolder(): string {
  const folder = temporaryFolder();
  copyFileSync(join(fixtures, 'job.py'), join(folder, 'job.py'));
  writeFileSync(join(folder, 'fit_baseline.py'), fit);
  return folder;
}

function makeAhead(cores = 2) {
  const folder = temporaryFolder();
  const artifacts = createFolderArtifactStore({ root: join(folder, 'artifacts') });
  const workFolder = join(folder, 'work');
  const ahead = createBaselineAhead({
    workFolder,
    python,
    trainingFolder: aTrainingFolder(),
    environment: { PATH: process.env.PATH },
    artifacts,
    log: ({ message, error }) => {
      throw new Error(message, { cause: error });
    },
    cores,
  });
  onTestFinished(() => ahead.close());
  return { ahead, artifacts, workFolder, target: join(folder, 'taken') };
}

type Fit = 'tfidf' | 'gradient_boosting';

/** The fixture's fit of `gradient_boosting` does not end. */
const aTraining = (name: Fit, behaviour = 'completes'): JobSpec => {
  const spec = aScriptSpec(behaviour);
  const channels = { train: `runs/${spec.runId}/prepared/train.jsonl` };
  return { ...spec, channels, baseline: { name, test: `runs/${spec.runId}/prepared/test.jsonl` } };
};

/** The process of the fit, once it has written what it writes. */
async function untilNoted(workFolder: string): Promise<ProcessIdentity> {
  const file = join(workFolder, 'pid');
  while (!existsSync(file)) await delay(5);
  const pid = Number(readFileSync(file, 'utf8'));
  return identifyProcess(pid) ?? { pid, startedAt: 'ended' };
}

describe('createBaselineAhead', () => {
  it('hands over what a fit on the rows of the run has written, once', async () => {
    const { ahead, artifacts, workFolder, target } = makeAhead();
    const spec = aTraining('tfidf');

    ahead.begin(spec);
    await untilNoted(workFolder);
    await ahead.take(spec.runId, target);
    await ahead.take(spec.runId, join(target, 'again'));

    const prepared = artifacts.path(`runs/${spec.runId}/prepared`);
    expect(JSON.parse(readFileSync(join(target, 'baseline.json'), 'utf8'))).toEqual({
      baseline: 'tfidf',
      SM_CHANNEL_TRAIN: prepared,
      SM_CHANNEL_TEST: prepared,
    });
    expect(existsSync(join(workFolder, 'baselines', spec.runId))).toBe(false);
    expect(existsSync(join(target, 'again'))).toBe(false);
  });

  it('ends a fit that has not ended when the evaluation begins', async () => {
    const { ahead, workFolder, target } = makeAhead();
    const spec = aTraining('gradient_boosting');
    ahead.begin(spec);
    const fitting = await untilNoted(workFolder);

    await ahead.take(spec.runId, target);

    expect(isRunning(fitting)).toBe(false);
    expect(existsSync(join(target, 'baseline.json'))).toBe(false);
  });

  it('starts nothing on one core, nor for a training without a baseline', async () => {
    const single = makeAhead(1);
    const other = makeAhead();

    single.ahead.begin(aTraining('tfidf'));
    other.ahead.begin(aScriptSpec('completes'));

    expect(existsSync(join(single.workFolder, 'baselines'))).toBe(false);
    expect(existsSync(join(other.workFolder, 'baselines'))).toBe(false);
  });

  it('removes what an earlier process has left', async () => {
    const { ahead, workFolder } = makeAhead();
    const spec = aTraining('tfidf');
    ahead.begin(spec);
    await untilNoted(workFolder);

    await ahead.recover();

    expect(existsSync(join(workFolder, 'baselines'))).toBe(false);
  });
});

describe('the local job runner', () => {
  const hasEnded = ({ status }: JobDescription) => status !== 'InProgress' && status !== 'Stopping';
  const isAtStep = (step: number) => (job: JobDescription) => (job.progress?.step ?? 0) >= step;

  it('gives the evaluation of a run the baseline that was fitted beside its training', async () => {
    const { runner, artifacts, folder, until } = makeJobRunner({
      trainingFolder: aTrainingFolder(),
    });
    const training = aTraining('tfidf', 'endless');
    await artifacts.put(training.channels.train ?? '', '{}');
    const reports = aScriptSpec('reports', { kind: 'evaluate', runId: training.runId });
    await runner.start(training);
    await untilNoted(join(folder, 'work'));
    const { runId } = training;
    await runner.start(reports);
    await until(reports.name, hasEnded);

    const report = await runner.output(reports.name, 'report.json');

    const { channels } = JSON.parse(new TextDecoder().decode(report ?? undefined));
    expect(JSON.parse(channels.SM_CHANNEL_BASELINE['baseline.json'])).toMatchObject({
      SM_CHANNEL_TEST: artifacts.path(`runs/${runId}/prepared`),
    });
  });

  it('ends the fit beside a training that is stopped', async () => {
    const { runner, artifacts, folder, until } = makeJobRunner({
      trainingFolder: aTrainingFolder(),
    });
    const training = aTraining('gradient_boosting', 'endless');
    await artifacts.put(training.channels.train ?? '', '{}');
    await runner.start(training);
    await until(training.name, isAtStep(1));
    const fitting = await untilNoted(join(folder, 'work'));

    await runner.stop(training.name);
    while (existsSync(join(folder, 'work', 'baselines', training.runId))) await delay(5);

    expect(isRunning(fitting)).toBe(false);
  });
});
