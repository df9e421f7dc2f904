import type { ArtifactStore, DatasetPreparer, PrepareRequest } from '../../pipeline/core/ports.ts';
import type { PrepareReport } from '../../pipeline/core/python-contract.ts';
import { unset } from './unset.ts';

export interface FakeDatasetPreparer extends DatasetPreparer {
  readonly requests: readonly PrepareRequest[];
  /**
   * What every later request is answered with; an error is thrown. `seen`: held-out rows by version
   * that was trained on them; left out, that is not known.
   */
  answer(report: PrepareReport | Error, seen?: Readonly<Record<number, readonly string[]>>): void;
}

/** Answers as the test says and writes no rows: nothing but real jobs reads them. */
export function createFakeDatasetPreparer(
  artifacts?: Pick<ArtifactStore, 'put'>,
): FakeDatasetPreparer {
  const requests: PrepareRequest[] = [];
  let next: PrepareReport | Error | null = null;
  let versions: Readonly<Record<number, readonly string[]>> | undefined;
  return {
    requests,
    answer(report, seen) {
      next = report;
      versions = seen;
    },
    async prepare(request) {
      requests.push(request);
      const answer = next ?? unset('what prepare answers');
      if (answer instanceof Error) throw answer;
      if (versions !== undefined) {
        await artifacts?.put(`${request.outputPrefix}seen.json`, JSON.stringify({ versions }));
      }
      return answer;
    },
  };
}
