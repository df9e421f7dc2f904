import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import config from '../../mlops.config.ts';
import { createFolderArtifactStore } from '../../pipeline/local/folder-artifact-store.ts';
import { createPythonDatasetPreparer } from '../../pipeline/local/python-dataset-preparer.ts';
import { smokeDataset } from '../../scripts/smoke/smoke-dataset.ts';
import { python } from './job-runner-harness.ts';
import { temporaryFolder } from './temporary-folder.ts';

const slices = ['team', 'country'];

describe('the dataset of the smoke test', () => {
  const own = Object.entries(config.models);
  const split = own.map(
    ([name, model]) =>
      [
        `${name} by groups`,
        {
          ...model,
          data: { ...model.data, group: 'team', time: 'at' },
          gate: { ...model.gate, slices },
        },
      ] as const,
  );

  it.each([...own, ...split])('is one that %s can be trained on', async (_, model) => {
    const folder = temporaryFolder();
    const artifacts = createFolderArtifactStore({ root: join(folder, 'artifacts') });
    const preparer = createPythonDatasetPreparer({
      artifacts,
      workFolder: join(folder, 'work'),
      python,
      environment: { PATH: process.env.PATH },
      log: () => {},
      trainingFolder: join(import.meta.dirname, '../../training'),
    });
    await artifacts.put('datasets/smoke.csv', smokeDataset(model));

    const report = await preparer.prepare({
      inputKey: 'datasets/smoke.csv',
      appendTo: [],
      fileName: 'smoke.csv',
      outputPrefix: 'runs/smoke/prepared/',
      task: model.task,
      labelColumn: model.columns.label,
      textColumn: model.columns.text ?? null,
      groupColumn: model.data.group ?? null,
      timeColumn: model.data.time ?? null,
      sliceColumns: model.gate.slices,
      onConflict: model.data.onConflict,
      earlier: [],
    });

    expect(report).toMatchObject({ status: 'ok', rows: { kept: 800 } });
  });
});
