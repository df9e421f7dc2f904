import { describe, expect, it } from 'vitest';
import type { Approval } from '../../pipeline/core/run.ts';
import { reconcileRegistryApproval } from '../../pipeline/flow/reconcile-registry-approval.ts';
import { anEntry, aRun } from '../fakes/samples.ts';
import { createStudio, studioDomain } from './studio.ts';
import { aConfig, createFlowWorld, grace, linus } from './world.ts';

const policy = { mode: 'people' as const, approvers: ['U0GRACE', 'U0LINUS'] };

/** A world in which people also decide in SageMaker Studio. */
function studioWorld(overrides: Parameters<typeof aConfig>[0] = {}) {
  const world = createFlowWorld(aConfig(overrides));
  return {
    world,
    ...createStudio(world),
    async version() {
      const registered = await world.registry.get('spam', 1);
      if (registered === null) throw new Error('There is no version 1.');
      return registered;
    },
    decisions: async (id: string) => (await world.run(id)).approval?.decisions ?? [],
    audited: async () =>
      (await world.audit.list({})).map(({ by, from, action, outcome }) => [
        by.name,
        from,
        action,
        outcome.kind === 'refused' ? outcome.reason : outcome.kind,
      ]),
  };
}

describe('an approval that is set in SageMaker Studio', () => {
  it('counts like a click, with the note as the reason, however often its event comes', async () => {
    const { world, set, deliver, version, decisions, audited } = studioWorld();
    const id = await world.retrain('first');

    await set('grace', 'Approved', 'looks good');
    const came = await deliver();
    await deliver();
    await world.advance(3600);

    expect(came).toEqual({ kind: 'counted', by: 'grace' });
    expect(await decisions(id)).toMatchObject([
      { by: { id: 'U0GRACE' }, outcome: 'approved', reason: 'looks good', via: 'studio' },
    ]);
    expect((await world.run(id)).outcome).toBe('deployed');
    expect(world.endpoints.deployed).toHaveLength(1);
    expect(await version()).toMatchObject({
      approval: 'Approved',
      approvalNote: 'grace: looks good',
    });
    expect(await audited()).toEqual([['grace', 'studio', 'approve', 'ok']]);
  });

  it.each([
    ['too many false alarms', 'too many false alarms'],
    [null, 'No reason given.'],
  ])('rejects with the note %j', async (note, reason) => {
    const { world, set, deliver, version, decisions } = studioWorld();
    const id = await world.retrain('first');

    await set('grace', 'Rejected', note);
    await deliver();

    expect(await decisions(id)).toMatchObject([{ outcome: 'rejected', reason, via: 'studio' }]);
    expect((await world.run(id)).outcome).toBe('rejected');
    expect((await version()).approval).toBe('Rejected');
  });

  it('takes a note of the bot that was left there for no reason of theirs', async () => {
    const { world, set, deliver, version, decisions } = studioWorld();
    const id = await world.retrain('first');
    const { approvalNote } = await version();

    await set('grace', 'Approved', approvalNote);
    await deliver();

    expect(approvalNote).toBe(`mlops-bot: run ${id} asks for approval.`);
    expect((await decisions(id))[0]?.reason).toBeNull();
  });

  it('waits for the others when more than one must approve', async () => {
    const approval = { ...policy, quorum: 2 };
    const { world, set, deliver, version, decisions } = studioWorld({ approval });
    const id = await world.retrain('first');

    await set('grace', 'Approved');
    await deliver();
    await deliver();
    const afterOne = await version();
    await set('linus', 'Approved');
    await deliver();
    await world.advance(3600);

    expect(afterOne.approval).toBe('PendingManualApproval');
    expect(afterOne.approvalNote).toContain('Counted as 1 of 2 approvals (grace)');
    expect(await decisions(id)).toHaveLength(2);
    expect((await world.run(id)).outcome).toBe('deployed');
    expect((await version()).approval).toBe('Approved');
  });

  it('counts once when its event comes twice while the same person clicks', async () => {
    const approval = { ...policy, quorum: 2 };
    const { world, set, deliver, version, decisions } = studioWorld({ approval });
    const id = await world.retrain('first');

    await set('grace', 'Approved');
    await Promise.all([deliver(), world.decide(id, grace), deliver()]);

    expect(await decisions(id)).toHaveLength(1);
    expect((await world.run(id)).outcome).toBeNull();
    expect((await version()).approval).toBe('PendingManualApproval');
  });

  it('counts once beside the click of another person at the same instant', async () => {
    const approval = { ...policy, quorum: 2 };
    const { world, set, deliver, version, decisions } = studioWorld({ approval });
    const id = await world.retrain('first');

    await set('grace', 'Approved');
    await Promise.all([deliver(), deliver(), world.decide(id, linus)]);
    // Setting it back while the last decision came in was an event too.
    await deliver();
    await world.advance(3600);

    expect(await decisions(id)).toHaveLength(2);
    expect((await world.run(id)).outcome).toBe('deployed');
    expect(world.endpoints.deployed).toHaveLength(1);
    expect((await version()).approval).toBe('Approved');
  });

  it('counts once when the event is handled again after a crash between count and registry', async () => {
    const approval = { ...policy, quorum: 2 };
    const { world, set, deliver, version, decisions, audited } = studioWorld({ approval });
    const id = await world.retrain('first');
    await set('grace', 'Approved');
    await deliver();
    await world.advance(1);

    await set('grace', 'Approved');
    const came = await deliver();

    expect(came.kind).toBe('counted');
    expect(await decisions(id)).toHaveLength(1);
    expect((await version()).approvalNote).toContain('Counted as 1 of 2 approvals (grace)');
    expect(await audited()).toEqual([['grace', 'studio', 'approve', 'ok']]);
  });

  it('leaves one entry in the audit when its event comes twice at once', async () => {
    const { world, set, deliver, audited } = studioWorld();
    await world.retrain('first');

    await set('grace', 'Approved');
    await Promise.all([deliver(), deliver()]);

    expect(await audited()).toEqual([['grace', 'studio', 'approve', 'ok']]);
  });

  it.each([
    ['a person who is no approver', 'kit', 'U0KIT is not an approver of spam', 'not_an_approver'],
    ['the person who requested the run', 'grace', 'you requested this run', 'own_request'],
  ])('does not count from %s', async (_, user, note, refused) => {
    const { world, set, deliver, version, decisions, audited } = studioWorld();
    const id = await world.retrain('first', grace);

    await set(user, 'Approved');
    const came = await deliver();
    await deliver();

    expect(came).toMatchObject({ kind: 'put_back', found: 'Approved' });
    expect(await decisions(id)).toEqual([]);
    expect((await world.run(id)).outcome).toBeNull();
    expect(await version()).toMatchObject({ approval: 'PendingManualApproval' });
    expect((await version()).approvalNote).toContain(note);
    expect(await audited()).toEqual([[user, 'studio', 'approve', refused]]);
  });

  it.each([
    ['an unknown profile', 'mallory', `${studioDomain}/mallory is not named there`],
    ['a role', null, 'without a Studio profile'],
  ])('is put back when %s set it, and says what to do', async (_, user, note) => {
    const { world, set, deliver, version, decisions, audited } = studioWorld();
    const id = await world.retrain('first');

    await set(user, 'Approved', 'let me in');
    const came = await deliver();

    expect(came.kind).toBe('put_back');
    expect(await decisions(id)).toEqual([]);
    expect((await version()).approval).toBe('PendingManualApproval');
    expect((await version()).approvalNote).toContain('studioUsers of mlops.config.ts');
    expect((await version()).approvalNote).toContain(note);
    expect(await audited()).toEqual([]);
  });

  it('does not count through a user group, and says to list the person', async () => {
    const approval = { ...policy, approvers: ['S0LEADS'] };
    const { world, set, deliver, version, decisions } = studioWorld({ approval });
    const id = await world.retrain('first');

    await set('grace', 'Approved');
    await deliver();

    expect(await decisions(id)).toEqual([]);
    expect((await version()).approvalNote).toContain('User groups do not count in Studio');
  });

  it('does not count after the request has expired', async () => {
    const { world, set, deliver, version } = studioWorld();
    const id = await world.retrain('first');
    await world.advance(49 * 3600);

    await set('grace', 'Approved');
    await deliver();

    expect((await world.run(id)).outcome).toBe('expired');
    expect(await version()).toMatchObject({
      approval: 'PendingManualApproval',
      approvalNote:
        'mlops-bot: Not counted: the request has expired. /mlops promote spam 1 asks again.',
    });
  });

  it('does not change what was decided', async () => {
    const { world, set, deliver, version } = studioWorld();
    const id = await world.retrain('first');
    await world.decide(id, linus, 'rejected');

    await set('grace', 'Approved');
    await deliver();

    expect((await world.run(id)).outcome).toBe('rejected');
    expect(await version()).toMatchObject({
      approval: 'Rejected',
      approvalNote: 'mlops-bot: Not counted: already rejected by Linus.',
    });
  });

  it('counts no second vote from another source', async () => {
    const approval = { ...policy, quorum: 2 };
    const { world, set, deliver, version, decisions } = studioWorld({ approval });
    const id = await world.retrain('first');
    await world.decide(id, grace);

    await set('grace', 'Approved');
    await deliver();

    expect(await decisions(id)).toHaveLength(1);
    expect((await world.run(id)).outcome).toBeNull();
    expect((await version()).approvalNote).toContain('you have already decided');
  });

  it('does not count for a person who changed the version after another approved it', async () => {
    const { world, set, deliver, version, decisions } = studioWorld();
    const id = await world.retrain('first');
    const firstEvent = world.clock.now().toISOString();
    await world.advance(60);

    await set('grace', 'Approved');
    await deliver({ at: firstEvent });

    expect(await decisions(id)).toEqual([]);
    expect(await version()).toMatchObject({ approval: 'PendingManualApproval' });
    expect((await version()).approvalNote).toContain('Set it again');
  });

  it('neither counts nor stays when it was set before anybody was asked', async () => {
    const { world, set, deliver, version, decisions } = studioWorld();
    await world.retrain('first');
    await world.advance(49 * 3600);
    const asked = await world.pipeline.startRun({
      kind: 'promote',
      requestId: 'again',
      model: 'spam',
      version: 1,
      requestedBy: linus,
      reason: null,
    });
    await set('grace', 'Approved', 'set before');

    await world.settle();
    await deliver();

    expect(await version()).toMatchObject({
      approval: 'PendingManualApproval',
      approvalNote: `mlops-bot: run ${asked.run.id} asks for approval.`,
    });
    expect(await decisions(asked.run.id)).toEqual([]);
  });

  it('is put back while the version waits for its request', async () => {
    const { world, set, deliver, version } = studioWorld();
    await world.runs.create(aRun({ version: 1 }));
    await world.registry.register(anEntry());

    await set('grace', 'Approved');
    await deliver();

    expect(await version()).toMatchObject({
      approval: 'PendingManualApproval',
      approvalNote: 'mlops-bot: Not counted: approval of this version has not been requested yet.',
    });
  });

  it('does not count for another digest than people were asked about', async () => {
    const { world, set, deliver, version, decisions } = studioWorld();
    const approval: Approval = {
      requestedAt: '2026-11-22T09:00:00.000Z',
      expiresAt: null,
      remindedAt: null,
      approvers: ['U0GRACE'],
      quorum: 1,
      selfApproval: false,
      digest: 'e'.repeat(64),
      decisions: [],
      outcome: null,
      endedAt: null,
    };
    await world.runs.create(aRun({ version: 1, approval }));
    await world.registry.register(anEntry());

    await set('grace', 'Approved');
    await deliver();

    expect(await decisions('spam-aaaaaaaa')).toEqual([]);
    expect((await version()).approvalNote).toContain(
      'the request in Slack is about another version',
    );
  });

  it('is put back to "approved" when a person sets a version in production to pending', async () => {
    const { world, set, deliver, version } = studioWorld();
    await world.deployed('first');

    await set('grace', 'PendingManualApproval');
    const came = await deliver();

    expect(came).toEqual({
      kind: 'put_back',
      found: 'PendingManualApproval',
      decided: 'Approved',
    });
    expect((await version()).approvalNote).toContain('Set back to what was decided');
  });

  it('is nothing to a version of another model or one that we did not register', async () => {
    const { world, deliver } = studioWorld();
    const decide = world.pipeline.decide;

    const other = { model: 'constructor', version: 1, at: null };
    const came = [
      await deliver({ version: 7 }),
      await reconcileRegistryApproval({ ...world, decide }, other),
    ];

    expect(came).toEqual([{ kind: 'agreed' }, { kind: 'agreed' }]);
  });
});
