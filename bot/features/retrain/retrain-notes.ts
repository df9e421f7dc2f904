import { datasetsOf } from '../../../pipeline/core/dataset-standing.ts';
import type { Run } from '../../../pipeline/core/run.ts';
import { isSameTraining } from '../../../pipeline/core/run-settings.ts';
import { ago } from '../../blocks/ago.ts';
import { headline } from '../../blocks/headline.ts';
import type { Line } from '../../blocks/rich-text.ts';
import type { CommandTools } from '../../interaction/command.ts';
import { undecidable } from '../approval/undecidable.ts';
import { passedOver } from './standing-words.ts';

/** What somebody who has started a retrain should know before it costs anything. */
export async function retrainNotes(
  tools: CommandTools,
  run: Run,
  { isDataNamed }: { readonly isDataNamed: boolean },
): Promise<readonly Line[]> {
  const { model, requestedBy, dataset } = run;
  const earlier = await tools.pipeline.listRuns({ model, after: run });
  const same = earlier.find((each) => isSameTraining(each, run));
  const passed = isDataNamed
    ? null
    : passedOver(model, datasetsOf(earlier), dataset?.version ?? null);
  const problem = await undecidable(tools, { model, verdict: 'pass', requestedBy });
  return [
    passed === null ? [] : [passed],
    same === undefined
      ? []
      : [
          `The same data and settings were trained ${ago(same.createdAt, tools.clock.now())}: ${headline(same)} (run ${same.id}).`,
        ],
    problem === null ? [] : [`If it passes the gate it cannot be approved: ${problem.join(' ')}`],
  ].filter((line) => line.length > 0);
}
