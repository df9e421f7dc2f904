import type { ArtifactStore, DatasetPreparer, PrepareRequest } from '../../pipeline/core/ports.ts';
import type { PrepareReport } from '../../pipeline/core/python-contract.ts';
import { unset } from './unset.ts';

export interface FakeDatasetPreparer extends DatasetPreparer {
  readonly requests: readonly PrepareRequest[];
  /** What every later request is answered with; an error is thrown. */
  answer(report: PrepareReport | Error): void;
}

/** Writes one-line split files under the output prefix whenever the report it was given is "ok". */
export function createFakeDatasetPreparer(options: {
  artifacts: ArtifactStore;
}): FakeDatasetPreparer {
  const requests: PrepareRequest[] = [];
  let next: PrepareReport | Error | null = null;
  return {
    requests,
    answer(report) {
      next = report;
    },
    async prepare(request) {
      requests.push(request);
      const answer = next ?? unset('what prepare answers');
      if (answer instanceof Error) throw answer;
      if (answer.status === 'ok') {
        for (const side of ['train', 'validation', 'test']) {
          await options.artifacts.put(
            `${request.outputPrefix}${side}.jsonl`,
            `{"id":"${side}-1","text":"hello","label":"ham"}\n`,
          );
        }
      }
      return answer;
    },
  };
}
