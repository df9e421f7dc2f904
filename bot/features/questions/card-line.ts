import type { Run } from '../../../pipeline/core/run.ts';
import { type Line, link } from '../../blocks/rich-text.ts';
import type { CommandTools } from '../../interaction/command.ts';

/** The run's id and a link to its card; where there is no card, the id alone. */
export async function cardLine(
  { cardLink }: Pick<CommandTools, 'cardLink'>,
  run: Run,
): Promise<readonly Line[]> {
  const address = await cardLink(run.id);
  return [[`Run ${run.id}`, ...(address === null ? [] : [' · ', link(address, 'open the card')])]];
}
