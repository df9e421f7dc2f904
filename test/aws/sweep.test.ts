import { describe, expect, it } from 'vitest';
import type { AnnouncementHint } from '../../pipeline/aws/lambda/announcement-queue.ts';
import { sweep } from '../../pipeline/aws/lambda/sweep.ts';
import { createFlowWorld, grace } from '../flow/world.ts';

describe('the sweep', () => {
  it('announces a run that ended once more, for two hours', async () => {
    const world = createFlowWorld();
    const id = await world.retrain('rejected');
    await world.decide(id, grace, 'rejected');
    const hints: AnnouncementHint[] = [];
    const look = () => sweep(world, { send: async (hint) => void hints.push(hint) }, () => {});

    await look();
    await world.advance(3 * 3600);
    await look();

    expect(hints).toEqual([{ kind: 'run', runId: id, redraw: false }]);
  });
});
