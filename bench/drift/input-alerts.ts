import { judgeInputs } from '../../pipeline/core/alert/judge-inputs.ts';
import type { Uniform } from '../../pipeline/core/gate/binomial.ts';
import type { InputReference } from '../../pipeline/core/python-contract.ts';
import { config } from './metric-alerts.ts';

/** What `histograms.py` prints; of each mail the bin in each histogram. */
export interface MailBins {
  readonly features: readonly Omit<InputReference['features'][number], 'counts'>[];
  readonly same: readonly (readonly number[])[];
  readonly other: readonly (readonly number[])[];
  readonly accuracy: { readonly same: number; readonly other: number };
}

/** As many held-out rows as the evaluation of the first sample of mails has. */
const REFERENCE_ROWS = 440;

/** Share of looks that breach, at so many inputs, of which `share` are mails of other archives. */
export function breachingLooks(
  mails: MailBins,
  look: { readonly inputs: number; readonly share: number; readonly looks: number },
  uniform: Uniform,
): number {
  let found = 0;
  for (let each = 0; each < look.looks; each++) {
    const same = shuffled(mails.same, uniform);
    const other = shuffled(mails.other, uniform).slice(0, Math.round(look.inputs * look.share));
    const usual = same.slice(REFERENCE_ROWS, REFERENCE_ROWS + look.inputs - other.length);
    const inputs = [...other, ...usual];
    if (inputs.length < look.inputs) throw new Error('There are too few mails.');
    const reference = countsOf(mails, same.slice(0, REFERENCE_ROWS));
    const now = countsOf(mails, inputs);
    const observation = judgeInputs({
      config,
      reference: {
        schemaVersion: 1,
        rows: REFERENCE_ROWS,
        features: mails.features.map((feature) => ({
          ...feature,
          counts: [...(reference[feature.name] ?? [])],
        })),
      },
      now: { inputs: inputs.length, counts: now },
      version: 1,
      configName: 'sample-v1-aaaaaaaa',
      at: '2026-11-22T09:00:00.000Z',
    });
    if (observation?.isBreach) found += 1;
  }
  return found / look.looks;
}

function countsOf({ features }: MailBins, mails: readonly (readonly number[])[]) {
  return Object.fromEntries(
    features.map(({ name, bins }, index) => {
      const counts = bins.map(() => 0);
      for (const mail of mails) {
        const bin = mail[index] ?? 0;
        counts[bin] = (counts[bin] ?? 0) + 1;
      }
      return [name, counts];
    }),
  );
}

function shuffled<T>(values: readonly T[], uniform: Uniform): readonly T[] {
  return values
    .map((value) => ({ value, at: uniform() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}
