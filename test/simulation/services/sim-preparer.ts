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

/** Keys name the version, as `keys.dataset` makes them. */
function sourceOf(key: string) {
  const [, , version = '', name = ''] = key.split('/');
  return { name, bytes: 1, sha256: version.padEnd(64, '0'), rows: { read: 100, kept: 100 } };
}

/** Now and then a dataset is invalid. The same file is the same report, however often it is asked for. */
export function createSimulatedPreparer({
  choices,
}: {
  readonly choices: Choices;
}): FlowDeps['preparer'] {
  const invalid = new Map<string, boolean>();
  return {
    async prepare({ inputKey, appendTo }) {
      const keys = [...appendTo.map((each) => each.inputKey), inputKey];
      for (const key of keys) {
        const isBad = invalid.get(key) ?? choices.disturbs(`${key} is invalid`, 0.05);
        invalid.set(key, isBad);
      }
      if (keys.some((key) => invalid.get(key))) return invalidReport;
      return aPrepareReport(keys.length === 1 ? {} : { sources: keys.map(sourceOf) });
    },
  };
}
