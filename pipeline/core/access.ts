import type { Config } from './config.ts';

/** Ids a person acts under: their own Slack id and those of their user groups. */
export type Membership = readonly string[];

/** Whether they may start, stop and retry runs, and ask for a promotion. */
export function isOperator(config: Config, memberOf: Membership): boolean {
  return config.operators === 'everyone' || config.operators.some((id) => memberOf.includes(id));
}

/** Whether they are an approver of the model. */
export function isApprover(config: Config, model: string, memberOf: Membership): boolean {
  const approval = config.models[model]?.approval;
  return approval?.mode === 'people' && approval.approvers.some((id) => memberOf.includes(id));
}

/** Rolling back is for emergencies: operators and the model's approvers may. */
export function mayRollBack(config: Config, model: string, memberOf: Membership): boolean {
  return isOperator(config, memberOf) || isApprover(config, model, memberOf);
}
