import type { KnownBlock } from '@slack/types';
import { liveVersion, type Run } from '../../../pipeline/core/run.ts';
import { baselineLine } from '../../blocks/baseline-line.ts';
import { dataLines, isStoppedByData } from '../../blocks/data-lines.ts';
import { truncate } from '../../blocks/escape.ts';
import { duration } from '../../blocks/format.ts';
import { gateLine } from '../../blocks/gate-line.ts';
import { headline } from '../../blocks/headline.ts';
import { type Message, type ModelFacts, message } from '../../blocks/message.ts';
import { costPhrase } from '../../blocks/money.ts';
import { MAX_REASON_CHARACTERS } from '../../blocks/reason.ts';
import { type Line, lines, preformatted, richText } from '../../blocks/rich-text.ts';
import { scoreLine } from '../../blocks/scores.ts';
import { triggerLines } from '../../blocks/trigger.ts';
import { approvalLines } from '../approval/approval-lines.ts';
import { curlLine } from './curl.ts';
import { outcomeLines } from './outcome-lines.ts';
import { powerLine } from './power-line.ts';
import { liftedLine, productionLine } from './production-line.ts';
import { progressLine } from './progress.ts';
import { stageLine } from './stage-line.ts';
import { tookPhrase } from './took-phrase.ts';

const MOST_CHANGES = 5;

/** Everything the record says about a run, for whoever asks; its card has three lines of it. */
export function runDetails(run: Run, facts: ModelFacts): Message {
  return message(headline(run), [
    {
      type: 'header',
      text: { type: 'plain_text', text: truncate(headline(run), 150), emoji: true },
    },
    ...detailSections(run, facts)
      .map((section) => section.filter((line) => line.length > 0))
      .filter((section) => section.length > 0)
      .map((section) => lines(...section)),
    ...curlBlocks(run, facts),
    footer(run),
  ]);
}

/** One paragraph each: what started it, how far it is, how good it is, how it ended, what is live. */
function detailSections(run: Run, facts: ModelFacts): readonly (readonly Line[])[] {
  return [
    triggerLines(run, MAX_REASON_CHARACTERS),
    [
      stageLine(run),
      progressLine(run),
      // Otherwise they are the reason of its end.
      ...(isStoppedByData(run) ? [] : dataLines(run, MOST_CHANGES)),
      powerLine(run),
    ],
    [scoreLine(run, facts), baselineLine(run, facts), gateLine(run), ...approvalLines(run, true)],
    outcomeLines(run),
    [productionLine(run), liftedLine(run)],
  ];
}

function curlBlocks(run: Run, facts: ModelFacts): readonly KnownBlock[] {
  if (liveVersion(run) === null || run.deployment === null) return [];
  const command = curlLine(run.deployment, facts);
  return command === null ? [] : [richText(preformatted(command))];
}

function footer(run: Run): KnownBlock {
  const text = [
    `Run ${run.id}`,
    tookPhrase(run),
    run.time.python < 0.1 ? '' : `Python at work ${duration(run.time.python)}`,
    run.time.waiting < 0.1
      ? ''
      : `waiting for machines and in the watch ${duration(run.time.waiting)}`,
    run.training === null
      ? ''
      : `${run.training.spot ? 'Spot' : 'on-demand'} ${run.training.instanceType}`,
    costPhrase(run),
  ].filter(Boolean);
  return {
    type: 'context',
    elements: [{ type: 'plain_text', text: truncate(text.join(' · '), 300), emoji: false }],
  };
}
