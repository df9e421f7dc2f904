import { isOperator, mayRollBack } from '../../pipeline/core/access.ts';
import { answer } from '../blocks/answer.ts';
import type { Caller, CommandTools, Reply } from './command.ts';

/** Only people press buttons, so a click need not say who. */
type Asking = Pick<Caller, 'memberOf'> & Partial<Pick<Caller, 'actor'>>;

/** A door that is no person has a lock of its own; for what it takes it has an operator's rights. */
const isMachine = ({ actor }: Asking): boolean => actor?.kind === 'system';

const ask = 'Ask an operator, or have yourself added to the operators in mlops.config.ts.';

/** Why they may not start or stop things; null when they may. */
export function refuseOperator(
  { config }: Pick<CommandTools, 'config'>,
  caller: Asking,
  doing: string,
): Reply | null {
  if (isMachine(caller) || isOperator(config, caller.memberOf)) return null;
  return { ...answer(`Only operators may ${doing}; you are not one.`, ask), problem: 'refused' };
}

/** Why they may not roll back; null when they may. */
export function refuseRollback(
  { config }: Pick<CommandTools, 'config'>,
  caller: Asking,
  model: string,
): Reply | null {
  if (isMachine(caller) || mayRollBack(config, model, caller.memberOf)) return null;
  const said = `Only operators and the approvers of ${model} may roll it back; you are neither.`;
  return { ...answer(said, ask), problem: 'refused' };
}

/** Why they may not look after its alerts; null when they may. */
export function refuseAlerts(
  { config }: Pick<CommandTools, 'config'>,
  caller: Asking,
  model: string,
): Reply | null {
  if (isMachine(caller) || mayRollBack(config, model, caller.memberOf)) return null;
  const said = `Only operators and the approvers of ${model} look after its alerts; you are neither.`;
  return { ...answer(said, ask), problem: 'refused' };
}
