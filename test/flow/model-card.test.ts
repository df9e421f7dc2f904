import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { keys } from '../../pipeline/core/names.ts';
import { createFolderArtifactStore } from '../../pipeline/local/folder-artifact-store.ts';
import { aPrepareReport } from '../fakes/samples.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { aConfig, createFlowWorld, type FlowWorld } from './world.ts';

async function fileOf(world: FlowWorld, runId: string, format: 'json' | 'md'): Promise<string> {
  const file = await world.artifacts.get(keys.modelCard(runId, format));
  if (file === null) throw new Error('There is no model card.');
  return new TextDecoder().decode(file);
}

/** A world whose writes of model cards fail as often as the test says, and can be undone. */
function worldWithFaults(faults: Error[]): FlowWorld & { forgetCard(runId: string): void } {
  const store = createFolderArtifactStore({ root: temporaryFolder() });
  const artifacts: typeof store = {
    ...store,
    async put(key, body) {
      const fault = key.includes('model-card') ? faults.shift() : undefined;
      if (fault !== undefined) throw fault;
      await store.put(key, body);
    },
  };
  return {
    ...createFlowWorld(aConfig(), { artifacts }),
    forgetCard: (runId) => rmSync(store.path(keys.modelCard(runId, 'json'))),
  };
}

describe('the model card', () => {
  it('is written beside the model when a version is registered, with its key in the registry', async () => {
    const world = createFlowWorld(aConfig({ description: 'Sorts mail of one company.' }));
    await world.deployed('first');
    const runId = await world.retrain('second');

    const text = await fileOf(world, runId, 'md');

    for (const chapter of [
      '# Spam filter v2',
      '## Model details',
      '## Intended use',
      '- Sorts mail of one company.',
      '## Training data',
      '- Dataset version: second',
      '## Training procedure',
      '## Evaluation',
      '- Accuracy: 0.950 (0.935–0.962)',
      '### Each class',
      '### Confusion matrix',
      '### Calibration',
      '### Compared with production',
      '- Rows won and lost: 0 and 0',
      '## Gate',
      '- Verdict: pass',
      '## Limitations',
      '## Lineage',
      '- In production when it was evaluated: v1',
    ]) {
      expect(text).toContain(`${chapter}\n`);
    }
    expect((await world.registry.get('spam', 2))?.cardKey).toBe(keys.modelCard(runId, 'md'));
  });

  it('has the same bytes when the step is repeated after a fault, and ends no run', async () => {
    const faults = [new Error('S3 is away'), new Error('S3 is away')];
    const world = worldWithFaults(faults);
    const runId = await world.retrain('first');
    await world.advance(60);

    expect(faults).toEqual([]);
    expect((await world.run(runId)).version).toBe(1);
    const { card, isKept } = await world.pipeline.modelCard({ model: 'spam', version: 1 });
    expect(isKept).toBe(true);
    expect(JSON.parse(await fileOf(world, runId, 'json'))).toEqual(card);

    // The same card made anew, from the record alone.
    const written = await fileOf(world, runId, 'json');
    world.forgetCard(runId);
    const again = await world.pipeline.modelCard({ model: 'spam', version: 1 });
    expect(again.isKept).toBe(false);
    expect(`${JSON.stringify(again.card, null, 2)}\n`).toBe(written);
  });

  it('does not keep a version back when it cannot be made', async () => {
    const world = worldWithFaults([new TypeError('a defect')]);
    const runId = await world.retrain('first');

    expect((await world.run(runId)).version).toBe(1);
    expect(world.errors).toMatchObject([
      { runId, message: 'The model card could not be written.' },
    ]);
  });

  it('says what is missing for a version whose answers are no longer stored', async () => {
    const world = worldWithFaults([]);
    const runId = await world.retrain('first');
    await world.artifacts.put(keys.evaluation(runId, 'predictions.csv'), 'id,label\n');
    world.forgetCard(runId);

    const { card } = await world.pipeline.modelCard({ model: 'spam', version: 1 });

    expect(JSON.stringify(card.sections)).toContain('The answers to single rows are not stored');
    await expect(world.pipeline.modelCard({ model: 'spam', version: 9 })).rejects.toMatchObject({
      code: 'VERSION_UNKNOWN',
    });
  });

  it('names limitations that follow from the data', async () => {
    const world = createFlowWorld();
    world.preparer.answer(
      aPrepareReport({
        labels: { ham: 97, spam: 3 },
        rows: {
          read: 100,
          kept: 100,
          exactDuplicates: 0,
          nearDuplicates: 0,
          conflicting: 2,
          dropped: 0,
        },
      }),
    );
    const text = await fileOf(world, await world.retrain('first'), 'md');

    expect(text).toContain('Rare in the data: “spam” (3.0 %).');
    expect(text).toContain('2 rows have the same content and different labels.');
    expect(text).toContain('Nothing was in production to compare it with.');
  });
});
