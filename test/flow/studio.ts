import type { RegisteredVersion } from '../../pipeline/core/ports.ts';
import { reconcileRegistryApproval } from '../../pipeline/flow/reconcile-registry-approval.ts';
import { withAudit } from '../../pipeline/flow/with-audit.ts';
import type { FlowWorld } from './world.ts';

export const studioDomain = 'd-abc123def456';

/** SageMaker Studio over a world: what people set there, and the events about it. */
export function createStudio(world: FlowWorld) {
  const { decide } = withAudit(world.pipeline, { from: 'studio', clock: world.clock });
  const now = () => world.clock.now().toISOString();
  return {
    /** Sets the approval of version 1 without an event. `user` is null for a role without a profile. */
    async set(
      user: string | null,
      approval: RegisteredVersion['approval'],
      note: string | null = null,
    ) {
      const lastChangeInStudio =
        user === null ? null : { by: `${studioDomain}/${user}`, at: now() };
      const change = { approval, approvalNote: note, lastChangeInStudio };
      await world.registry.setInStudio('spam', 1, change);
    },
    /** An event about the version arrives. */
    async deliver({ at = now(), version = 1 }: { at?: string | null; version?: number } = {}) {
      const came = await reconcileRegistryApproval(
        { ...world, decide },
        { model: 'spam', version, at },
      );
      await world.settle();
      return came;
    },
  };
}
