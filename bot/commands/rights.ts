import { isOperator, mayRollBack } from '../../pipeline/core/access.ts';
import { answer } from '../messages/answer.ts';
import type { Message } from '../messages/message.ts';
import type { Caller, CommandTools } from './command.ts';

const ask = 'Ask an operator, or have yourself added to the operators in mlops.config.ts.';

/** Why they may not start or stop things; null when they may. */
export function refuseOperator(
  { config }: Pick<CommandTools, 'config'>,
  { memberOf }: Pick<Caller, 'memberOf'>,
  doing: string,
): Message | null {
  if (isOperator(config, memberOf)) return null;
  return answer(`Only operators may ${doing}; you are not one.`, ask);
}

/** Why they may not roll back; null when they may. */
export function refuseRollback(
  { config }: Pick<CommandTools, 'config'>,
  { memberOf }: Pick<Caller, 'memberOf'>,
  model: string,
): Message | null {
  if (mayRollBack(config, model, memberOf)) return null;
  return answer(
    `Only operators and the approvers of ${model} may roll it back; you are neither.`,
    ask,
  );
}
