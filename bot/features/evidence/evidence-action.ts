import type { Button } from '@slack/types';
import { MlopsError } from '../../../pipeline/core/errors.ts';
import type { Run } from '../../../pipeline/core/run.ts';
import { actionIds } from '../../blocks/action-ids.ts';
import { errorAnswer, refused } from '../../blocks/answer.ts';
import { button } from '../../blocks/button.ts';
import type { Action } from '../../interaction/action.ts';
import type { Bot } from '../../interaction/bot.ts';
import type { Click } from '../../interaction/click.ts';
import { tryToOpen } from '../../web-api/open-modal.ts';
import { evidenceModal } from './evidence-message.ts';
import { hasEvidence, loadEvidence } from './load-evidence.ts';

/** The button of a card whose run has answers to look at. */
export function evidenceButtons(run: Run): readonly Button[] {
  return hasEvidence(run) ? [button(actionIds.evidence, 'Evidence', run.id)] : [];
}

async function showEvidence(bot: Bot, click: Click): Promise<void> {
  const run = await bot.pipeline.getRun(click.value);
  if (run === null) return click.answer(refused('That run no longer exists.'));
  try {
    const { message } = await loadEvidence(bot, {
      subject: { runId: run.id },
      model: run.model,
      reader: { actor: click.actor, memberOf: await bot.people.memberOf(click.actor.id) },
      isPublic: false,
    });
    if (await tryToOpen(bot, () => click.openModal(evidenceModal(message)))) return;
    await click.answer(message);
  } catch (error) {
    if (!(error instanceof MlopsError)) throw error;
    await click.answer(errorAnswer(error, ''));
  }
}

/** The Evidence button changes nothing; who looked at rows of a dataset is kept. */
export const evidenceAction: Action = {
  id: actionIds.evidence,
  handle: showEvidence,
  audit: { command: 'evidence' },
};
