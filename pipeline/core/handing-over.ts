import { type Refusal, refuseDecision } from './approval.ts';
import type { HandOver, Person, Run } from './run.ts';

/** Most people one request is handed over to; each gets a message. */
const MOST_HANDED_OVER = 20;

/** Why a request is not handed over to a person. */
export type HandOverRefusal =
  /** The person's own decision would not count. */
  | { readonly kind: 'cannot_decide'; readonly refusal: Refusal }
  | { readonly kind: 'already_asked'; readonly earlier: HandOver }
  | { readonly kind: 'too_often' };

/** Whether a person may be asked to decide; null means yes. `memberOf` as in {@link refuseDecision}. */
export function refuseHandOver(
  run: Run,
  { to, memberOf, now }: { to: Person; memberOf: readonly string[]; now: Date },
): HandOverRefusal | null {
  const digest = run.approval?.digest ?? '';
  const refusal = refuseDecision(run, { by: to, memberOf, digest, now });
  return refusal === null ? refuseToAsk(run, to) : { kind: 'cannot_decide', refusal };
}

/** The part that does not depend on who the approvers are. */
export function refuseToAsk({ approval }: Run, to: Person): HandOverRefusal | null {
  const handedOver = approval?.handedOver ?? [];
  const earlier = handedOver.find((each) => each.to.id === to.id);
  if (earlier !== undefined) return { kind: 'already_asked', earlier };
  return handedOver.length >= MOST_HANDED_OVER ? { kind: 'too_often' } : null;
}
