import type { FlowDeps } from '../../../pipeline/flow/flow-deps.ts';
import { aPrepareReport } from '../../fakes/samples.ts';
import type { Choices } from '../engine/choices.ts';

const invalidReport = aPrepareReport({
  status: 'invalid',
  errors: [
    {
      code: 'TOO_FEW_ROWS',
      message: 'The dataset has 3 rows; at least 20 are needed.',
      hint: 'Add rows.',
      row: null,
      column: null,
    },
  ],
});

/** Now and then a dataset is invalid. The same file is the same report, however often it is asked for. */
export function createSimulatedPreparer({
  choices,
}: {
  readonly choices: Choices;
}): FlowDeps['preparer'] {
  const invalid = new Map<string, boolean>();
  return {
    async prepare({ inputKey }) {
      const isBad = invalid.get(inputKey) ?? choices.disturbs(`${inputKey} is invalid`, 0.05);
      invalid.set(inputKey, isBad);
      return isBad ? invalidReport : aPrepareReport();
    },
  };
}
