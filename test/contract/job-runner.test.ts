import { createFakeClock } from '../fakes/fake-clock.ts';
import { createFakeJobRunner } from '../fakes/fake-job-runner.ts';
import { aScriptSpec, makeJobRunner } from '../local/job-runner-harness.ts';
import { describeJobRunner } from './job-runner.contract.ts';

describeJobRunner('local', async () => {
  const { runner, until } = makeJobRunner();
  return { runner, until, spec: aScriptSpec };
});

describeJobRunner('fake', async () => {
  const runner = createFakeJobRunner({ clock: createFakeClock() });
  runner.plan((spec) => {
    if (spec.hyperparameters.behaviour === 'endless') return 'running';
    if (spec.hyperparameters.behaviour === 'fails') {
      return { status: 'Failed', reason: 'The column “label” has one class only.' };
    }
    return {
      status: 'Completed',
      outputs: { 'metrics.json': '{"steps":3}' },
      modelArtifact: {
        key: `${spec.outputPrefix}${spec.name}/output/model.tar.gz`,
        sha256: 'a'.repeat(64),
        bytes: 1,
      },
    };
  });
  return {
    runner,
    spec: aScriptSpec,
    async until(name, isSo) {
      const job = await runner.describe(name);
      if (job === null || !isSo(job)) throw new Error(`The fake is not there: ${job?.status}`);
      return job;
    },
  };
});
