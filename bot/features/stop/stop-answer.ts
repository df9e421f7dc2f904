import type { StopResult } from '../../../pipeline/core/pipeline.ts';
import { answer, refused } from '../../blocks/answer.ts';
import { headline } from '../../blocks/headline.ts';
import type { Message } from '../../blocks/message.ts';

/** What came of the wish to stop a run. */
export function stopAnswer({ status, run }: StopResult): Message {
  switch (status) {
    case 'stopping':
      return answer(`Stopping the ${run.kind} of ${run.model}.`, `Run ${run.id}.`);
    case 'already_ended':
      return answer(`That run has ended: ${headline(run)}.`);
    case 'too_late':
      return refused(
        `Too late to stop: the endpoint of ${run.model} is being changed.`,
        `/mlops rollback ${run.model} takes it back.`,
      );
  }
}
