import type { Alert } from '../../../pipeline/core/alert/alert.ts';
import type { Pipeline } from '../../../pipeline/core/pipeline.ts';
import type { Run, RunId } from '../../../pipeline/core/run.ts';
import { isWaitingForApproval } from '../../blocks/headline.ts';
import type { ModelFacts } from '../../blocks/message.ts';

/** A candidate that waits for approval and scored better than what the alert is about. */
export interface Cure {
  readonly run: Run;
  /** Leads to its card; null when Slack does not say. */
  readonly link: string | null;
}

/** The waiting candidate that would end the alert; null when none scored better. */
export async function findCure(
  { pipeline, cardLink }: CureTools,
  { model, kind, observations }: Alert,
  { metric }: Pick<ModelFacts, 'metric'>,
): Promise<Cure | null> {
  if (kind !== 'metric') return null;
  const live = observations.at(-1)?.version;
  const active = await pipeline.listRuns({ model, ended: false });
  const run = active
    .filter((each) => isWaitingForApproval(each) && each.evaluatedAgainst === live)
    .find(({ evaluation }) => {
      const [candidate, production] = [evaluation?.candidate, evaluation?.production];
      return (candidate?.metrics[metric] ?? 0) > (production?.metrics[metric] ?? Infinity);
    });
  return run === undefined ? null : { run, link: await cardLink(run.id) };
}

export interface CureTools {
  readonly pipeline: Pick<Pipeline, 'listRuns'>;
  readonly cardLink: (runId: RunId) => Promise<string | null>;
}
