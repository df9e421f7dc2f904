import type { KnownBlock } from '@slack/types';
import type { ModelStatus } from '../../../pipeline/core/pipeline.ts';
import { bold, bullets, code, type Line, richText, section } from '../../blocks/rich-text.ts';

/** What to do next, while there is little to look at; empty once every model serves. */
export function firstSteps(
  fleet: readonly ModelStatus[],
  isOperator: boolean,
): readonly KnownBlock[] {
  if (fleet.length === 0) {
    return [
      richText(
        section(bold('No model yet. '), code('mlops.config.ts'), ' is where models are added.'),
      ),
    ];
  }
  const empty = fleet.find(
    ({ production, retired, recentRuns }) =>
      production === null && retired === null && recentRuns.length === 0,
  );
  if (empty === undefined) return [];
  const { name } = empty;
  const start: readonly Line[] = isOperator
    ? [
        [`Put a dataset (CSV or JSON Lines) into the inbox of ${name}: that starts its first run.`],
        ['The run gets a card in the channel, and asks for an approval before anything goes live.'],
      ]
    : [['Operators start runs; ', code('/mlops whoami'), ' shows what you may do.']];
  return [
    richText(
      section(bold('Next steps')),
      bullets([
        ...start,
        [
          code('/mlops help'),
          ' lists the commands, ',
          code('/mlops status'),
          ' the state of everything.',
        ],
      ]),
    ),
  ];
}
