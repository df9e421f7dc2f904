import type { StopResult } from '../../../pipeline/core/pipeline.ts';
import { answer, refused } from '../../blocks/answer.ts';
import { headline } from '../../blocks/headline.ts';
import type { Message } from '../../blocks/message.ts';
import { runNames } from '../../blocks/started.ts';

/** The answer to a request to stop a run. */
export function stopAnswer({ status, run }: StopResult): Message {
  switch (status) {
    case 'stopping':
      return answer(`Stopping the ${runNames[run.kind]} of ${run.model}.`, `Run ${run.id}.`);
    case 'already_ended':
      return answer(`That run has already ended: ${headline(run)}.`);
    case 'too_late':
      return refused(
        `Too late to stop: the deployment of ${run.model} has already started.`,
        `/mlops rollback ${run.model} undoes it once it is live.`,
      );
  }
}
