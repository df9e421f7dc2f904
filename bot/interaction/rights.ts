import { isOperator, mayRollBack } from '../../pipeline/core/access.ts';
import { refused } from '../blocks/answer.ts';
import type { Caller, CommandTools, Reply } from './command.ts';

/** Only people click buttons, so a click needs no actor here. */
type Asking = Pick<Caller, 'memberOf'> & Partial<Pick<Caller, 'actor'>>;

/** A system source is authorised before it gets here; for the commands it may run it has an operator's rights. */
const isMachine = ({ actor }: Asking): boolean => actor?.kind === 'system';

const howToGetAccess = 'Ask an operator, or ask to be added to operators in mlops.config.ts.';

/** Refuses callers who are not operators; null when they are. `doing` completes “Only operators can …”. */
export function refuseOperator(
  { config }: Pick<CommandTools, 'config'>,
  caller: Asking,
  doing: string,
): Reply | null {
  if (isMachine(caller) || isOperator(config, caller.memberOf)) return null;
  return refused(`Only operators can ${doing}; you are not one.`, howToGetAccess);
}

/**
 * Refuses callers who are neither operators nor approvers of the model; null when they are. `doing`
 * completes “Only operators and approvers of spam can …”.
 */
export function refuseForModel(
  { config }: Pick<CommandTools, 'config'>,
  caller: Asking,
  model: string,
  doing:
    | 'roll it back'
    | 'retire it'
    | 'manage its alerts'
    | 'lift the mark of a version'
    | 'remind of its requests'
    | 'hand over its requests',
): Reply | null {
  if (isMachine(caller) || mayRollBack(config, model, caller.memberOf)) return null;
  return refused(
    `Only operators and approvers of ${model} can ${doing}; you are neither.`,
    howToGetAccess,
  );
}
