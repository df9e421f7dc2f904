import { isOperator } from '../../pipeline/core/access.ts';
import { auditText } from '../../pipeline/core/audit.ts';
import type { Config } from '../../pipeline/core/config.ts';
import { MlopsError } from '../../pipeline/core/errors.ts';
import type { ModelStatus } from '../../pipeline/core/pipeline.ts';
import type { Clock } from '../../pipeline/core/ports.ts';
import type { Actor, Run } from '../../pipeline/core/run.ts';
import { currentStage } from '../../pipeline/core/run.ts';
import { startFromDataset } from '../../pipeline/flow/commands/start-from-dataset.ts';
import { withAudit } from '../../pipeline/flow/with-audit.ts';
import type { LocalPipeline } from '../../pipeline/local/create-local-pipeline.ts';
import type { Inbox } from '../../pipeline/local/inbox.ts';
import type { PipelineControls } from './pipeline-controls.ts';
import { people } from './team.ts';

/**
 * What the page offers beside Slack, because the pipeline is on the same machine: dropping a file,
 * taking the Spot machine away, and asking an endpoint.
 */
export function createControls(options: {
  readonly config: Config;
  readonly local: LocalPipeline;
  readonly inbox: Inbox;
  readonly clock: Clock;
}): PipelineControls {
  const { config, local, inbox, clock } = options;
  const pipeline = withAudit(local.pipeline, { from: 'page', clock });

  async function endpointOf({ name, endpoint, production }: ModelStatus) {
    if (endpoint === null || production === null) return null;
    const run = await pipeline.getRun(production.runId);
    const example = run?.deployment?.example?.body ?? '{}';
    return {
      name: endpoint.endpointName,
      model: name,
      url: endpoint.url,
      version: production.version.version,
      example: JSON.parse(example) as unknown,
    };
  }

  return {
    models: () =>
      Object.entries(config.models).map(([name, { title, data }]) => ({
        name,
        title,
        accepts: '.csv,.jsonl,.ndjson',
        newFile: data.onNewFile,
      })),

    async dropDataset({ model, fileName, body, userId, ...choice }) {
      const requestedBy = personOf(userId);
      if (!isOperator(config, [userId])) {
        await pipeline.audit.append({
          id: `page:drop:${userId}:${clock.now().toISOString()}`,
          at: clock.now().toISOString(),
          by: requestedBy,
          from: 'page',
          action: 'retrain',
          model,
          what: auditText(fileName),
          outcome: { kind: 'refused', reason: 'Not an operator.' },
        });
        throw new MlopsError(
          'CONFLICT',
          `${requestedBy.name} is not an operator and cannot start runs.`,
          {
            hint: 'mlops.config.ts lists the operators.',
          },
        );
      }
      const dataset = await inbox.receive({ model, fileName, body });
      const dropped = { dataset, model, requestedBy, ...choice };
      const { run, isNew } = await startFromDataset({ pipeline, config }, dropped);
      return { message: isNew ? `Started ${run.id}.` : alreadyUsed(run) };
    },

    async runningJobs() {
      const runs = await pipeline.listRuns({ ended: false });
      return runs
        .filter((run) => currentStage(run)?.name === 'train')
        .flatMap((run) =>
          run.training === null
            ? []
            : [
                {
                  name: run.training.jobName,
                  model: run.model,
                  runId: run.id,
                  step: run.training.step,
                  total: run.training.total,
                },
              ],
        );
    },

    async interrupt(jobName) {
      const runs = await pipeline.listRuns({ ended: false });
      const names = runs.flatMap((run) =>
        currentStage(run)?.name === 'train' && run.training !== null ? [run.training.jobName] : [],
      );
      const name = jobName ?? names[0];
      if (name !== undefined && (await local.jobs.interrupt(name))) {
        return { message: `Interrupting ${name}.` };
      }
      throw new MlopsError('CONFLICT', 'No Spot training job is running.', {
        hint: 'Start one with /mlops retrain, then interrupt it while its progress bar is moving.',
      });
    },

    async endpoints() {
      const served = await Promise.all((await pipeline.fleet()).map(endpointOf));
      return served.filter((endpoint) => endpoint !== null);
    },
  };
}

function personOf(userId: string): Extract<Actor, { kind: 'person' }> {
  const person = people.find(({ id }) => id === userId);
  return { kind: 'person', id: userId, name: person?.realName ?? userId };
}

function alreadyUsed(run: Run): string {
  const state = run.outcome === null ? 'in progress' : run.outcome.replace('_', ' ');
  return `This file was already used by run ${run.id} (${state}). /mlops retrain ${run.model} trains again.`;
}
