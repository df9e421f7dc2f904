import type { DatasetPreparer, PrepareRequest } from '../../pipeline/core/ports.ts';
import type { PrepareReport } from '../../pipeline/core/python-contract.ts';
import { unset } from './unset.ts';

export interface FakeDatasetPreparer extends DatasetPreparer {
  readonly requests: readonly PrepareRequest[];
  /** What every later request is answered with; an error is thrown. */
  answer(report: PrepareReport | Error): void;
}

/** Answers as the test says and writes no files: nothing but real jobs reads them. */
export function createFakeDatasetPreparer(): FakeDatasetPreparer {
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
      return answer;
    },
  };
}
