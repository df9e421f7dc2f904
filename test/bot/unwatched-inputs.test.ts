import { expect, it } from 'vitest';
import { lineText } from '../../bot/blocks/plain-text.ts';
import { modelLines } from '../../bot/features/status/model-lines.ts';
import { sampleModel } from '../../bot/gallery/sample-fleet.ts';
import type { ModelStatus } from '../../pipeline/core/pipeline.ts';

const status = sampleModel('spam', 'Spam filter', []);
const text = (model: ModelStatus) =>
  modelLines(model, new Date('2026-11-20T12:00:00.000Z')).map(lineText).join('\n');

it('says of a version from before inputs were counted that they are not watched', () => {
  const version = status.production?.version.version;

  expect(text({ ...status, countsNoInputs: true })).toContain(
    `Its inputs are not watched: v${version} is from before they were counted.`,
  );
  expect(text(status)).not.toContain('not watched');
  expect(text({ ...status, production: null, countsNoInputs: true })).not.toContain('not watched');
});
