import { describe, expect, it } from 'vitest';
import { withAudit } from '../../pipeline/flow/with-audit.ts';
import { createFlowWorld, grace } from './world.ts';

/** A run that waits for approval, in a process that cannot write to the audit log at first. */
async function withoutAudit() {
  const world = createFlowWorld();
  const { append } = world.audit;
  let isDown = true;
  world.audit.append = async (entry) => {
    if (isDown) throw new Error('disk full');
    await append(entry);
  };
  const id = await world.retrain('first');
  const entries = async () =>
    (await world.audit.list({})).map(({ by, from, action, what, outcome }) => [
      by.name,
      from,
      action,
      what,
      outcome.kind,
    ]);
  return {
    world,
    id,
    entries,
    recover() {
      isDown = false;
    },
  };
}

describe('a decision whose entry could not be written', () => {
  it('counts, and is carried out once the audit log has it', async () => {
    const { world, id, entries, recover } = await withoutAudit();

    const { status } = await world.decide(id, grace);
    await world.advance(600);
    const before = await world.run(id);
    recover();
    await world.advance(3600);

    expect(status).toBe('counted');
    expect(before.deployment).toBeNull();
    expect((await world.run(id)).outcome).toBe('deployed');
    expect(await entries()).toEqual([['Grace', 'slack', 'approve', id, 'ok']]);
  });

  it('has it when the run ends for another reason', async () => {
    const { world, id, entries, recover } = await withoutAudit();
    await world.decide(id, grace, 'rejected');
    recover();

    await world.advance(3600);

    expect((await world.run(id)).outcome).toBe('rejected');
    expect(await entries()).toEqual([['Grace', 'slack', 'reject', `${id} not today`, 'ok']]);
  });
});

describe('a decision', () => {
  it('has one entry, with the source it came from', async () => {
    const { world, id, entries, recover } = await withoutAudit();
    recover();
    const pipeline = withAudit(world.pipeline, { from: 'ci', clock: world.clock });
    const digest = (await world.run(id)).approval?.digest ?? '';
    const request = { runId: id, digest, by: grace, memberOf: ['U0GRACE'], reason: null } as const;

    await pipeline.decide({ ...request, outcome: 'approved' });
    await world.advance(3600);

    expect(await entries()).toEqual([['Grace', 'ci', 'approve', id, 'ok']]);
  });
});
