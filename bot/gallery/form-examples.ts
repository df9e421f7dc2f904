import type { VersionDiff, VersionSide } from '../../pipeline/core/compare-versions.ts';
import type { Cost } from '../../pipeline/core/pricing.ts';
import { costsMessage, type ModelCost } from '../features/costs/costs-message.ts';
import { promotionQuestion, versionChoice } from '../features/promotion/version-choice.ts';
import type { RetrainForm } from '../features/retrain/retrain-form.ts';
import { retrainModal } from '../features/retrain/retrain-modal.ts';
import { standingWords } from '../features/retrain/standing-words.ts';
import { diffMessage } from '../features/versions/diff-message.ts';
import { answers, modals, type Section } from './example.ts';
import { sampleNow, sampleVersion } from './sample-fleet.ts';
import { manyLabels, nastyNames, spamRecipe } from './sample-parts.ts';

/** Forms, choices and comparisons that a command or a button opens. */
export function formSections(): readonly Section[] {
  const choice = { model: 'spam', version: 6, requestId: 'r', live: 7 };
  return [
    modals('Retrain form', [
      ['as usual', retrainModal(form(['spam'], ['messages-2026-11.csv'], 2))],
      ['newest dataset blocked', retrainModal(suspect(form(['spam'], [...nastyNames], 2)))],
      [
        'with corrections',
        retrainModal({ ...form(['spam'], ['messages-2026-11.csv'], 2), corrections: 12 }),
      ],
      [
        'something to append to',
        retrainModal(appendable(form(['spam'], ['messages-2026-11.csv', nastyNames[2]], 2))),
      ],
      ['no dataset yet', retrainModal(form(['spam'], [], 2))],
      [
        'hundreds of everything, after “More settings”',
        retrainModal({
          ...form(manyLabels, [...nastyNames, ...manyLabels], 90),
          isLong: true,
        }),
      ],
      [
        'hundreds of everything',
        retrainModal(form(manyLabels, [...nastyNames, ...manyLabels], 90)),
      ],
    ]),
    answers('Promote', [
      ['choice', versionChoice('spam', [7, 6, 5].map(sampleVersion), choiceOptions(7))],
      ['many versions', versionChoice('spam', manyVersions(), choiceOptions(3))],
      ['question', promotionQuestion(choice, diffMessage(diff(['ham', 'spam'])))],
      ['first version', promotionQuestion({ ...choice, live: null }, null)],
    ]),
    answers('Differences', [
      ['two classes', diffMessage(diff(['ham', 'spam']))],
      ['40 nasty classes', diffMessage(diff(manyLabels))],
    ]),
    answers('Costs', [
      ['two models', costsMessage(costs(['spam', 'tumour']))],
      ['no runs', costsMessage({ ...costs([]), models: [idle], total: null })],
      ['40 models', costsMessage(costs(manyLabels))],
    ]),
  ];
}

const choiceOptions = (live: number) => ({ live, requestId: 'r', now: sampleNow });
const manyVersions = () => manyLabels.map((_label, index) => sampleVersion(40 - index));

function form(models: readonly string[], files: readonly string[], settings: number): RetrainForm {
  const specs = Object.entries(spamRecipe.hyperparameters);
  return {
    model: 'spam',
    models: models.map((title, index) => ({
      name: index === 0 ? 'spam' : `model-${index}`,
      title,
    })),
    datasets: files.map((fileName, index) => ({
      version: `3f9a1c77b2${String(index).padStart(2, '0')}`,
      fileName,
      rows: 9_120,
      usedAt: '2026-11-01T09:00:00.000Z',
    })),
    settings: Array.from({ length: settings }, (_, index) => {
      const [name, spec] = specs[index % specs.length] ?? specs[0] ?? [];
      if (name === undefined || spec === undefined) throw new Error('The recipe has no setting.');
      return { name: index < 2 ? name : `${name}_${index}`, spec, value: String(spec.default) };
    }),
    spot: true,
    now: sampleNow,
  };
}

function appendable({ datasets, ...rest }: RetrainForm): RetrainForm {
  return { ...rest, live: 7, datasets: datasets.map((each) => ({ ...each, files: 3 })) };
}

/** Every second dataset is one that a retrain does not take by itself. */
function suspect({ datasets, ...rest }: RetrainForm): RetrainForm {
  const words = Object.values(standingWords).filter((each) => each !== null);
  return {
    ...rest,
    datasets: datasets.map((each, index) => ({
      ...each,
      suspicion: index % 2 === 0 ? (words[index / 2] ?? null) : null,
    })),
  };
}

export function diff(classes: readonly string[]): VersionDiff {
  return {
    model: 'spam',
    from: side(6),
    to: side(7),
    isOnSameRows: true,
    metrics: [
      { name: 'macro_f1', from: 0.938, to: 0.952 },
      { name: 'accuracy', from: 0.947, to: null },
    ],
    classes: classes.map((name, index) => ({ name, from: 0.93, to: 0.93 + index / 1_000 })),
    milliseconds: { name: 'Median time', from: 12.4, to: 11 },
    hyperparameters: [{ name: nastyNames[0], from: nastyNames[4], to: '3' }],
  };
}

export function side(version: number): VersionSide {
  return {
    version,
    createdAt: '2026-11-01T09:00:00.000Z',
    verdict: 'pass',
    archiveBytes: 54_000_000,
    source: version === 6 ? null : { code: '0c7e51d2a9b84f36', commit: null },
    dataset: { version: '3f9a1c77b2e4', fileName: nastyNames[2], rows: 9_120 },
  };
}

const idle: ModelCost = { model: 'spam', runs: 0, cost: null, serving: null };
const cost: Cost = {
  billed: 1.24,
  notBilled: 0,
  training: 1.1,
  evaluation: 0.14,
  spotSaving: 2.4,
  unpriced: [],
};

function costs(models: readonly string[]) {
  const all = models.map(
    (model): ModelCost => ({
      model,
      runs: 4,
      cost,
      serving: { invocations: 1_204, milliseconds: 21, memoryMB: 3_072, dollars: 0.02 },
    }),
  );
  return { month: '2026-11', models: all, total: cost };
}
