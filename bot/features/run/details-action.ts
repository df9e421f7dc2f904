import type { Button } from '@slack/types';
import type { ModalView } from '@slack/web-api';
import type { Run } from '../../../pipeline/core/run.ts';
import { actionIds } from '../../blocks/action-ids.ts';
import { refused } from '../../blocks/answer.ts';
import { button } from '../../blocks/button.ts';
import { type ModelFacts, modelFacts } from '../../blocks/message.ts';
import { modalText } from '../../blocks/modal.ts';
import type { Action } from '../../interaction/action.ts';
import type { Bot } from '../../interaction/bot.ts';
import type { Click } from '../../interaction/click.ts';
import { tryToOpen } from '../../web-api/open-modal.ts';
import { promotionDiff } from '../versions/load-diff.ts';
import { runDetails } from './run-details.ts';

/** Opens what the card leaves out. */
export function detailsButton(run: Run): Button {
  return button(actionIds.details, 'Details', run.id);
}

/** The details of a run as they are now, for one person to read. */
export function detailsModal(run: Run, facts: ModelFacts): ModalView {
  return {
    type: 'modal',
    title: modalText('Details'),
    close: modalText('Close'),
    blocks: [...runDetails(run, facts).blocks],
  };
}

async function showDetails(bot: Bot, click: Click): Promise<void> {
  const run = await bot.pipeline.getRun(click.value);
  if (run === null) return click.answer(refused('That run no longer exists.'));
  const diff = await promotionDiff(bot.pipeline, run);
  const facts = { ...modelFacts(bot.config, run.model), diff, isRemote: bot.isRemote };
  if (await tryToOpen(bot, () => click.openModal(detailsModal(run, facts)))) return;
  await click.answer(runDetails(run, facts));
}

/** The Details button of a card; it changes nothing. */
export const detailsAction: Action = { id: actionIds.details, handle: showDetails, audit: null };
