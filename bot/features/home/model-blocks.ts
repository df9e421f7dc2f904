import type { KnownBlock } from '@slack/types';
import type { ModelStatus } from '../../../pipeline/core/pipeline.ts';
import { actionIds } from '../../blocks/action-ids.ts';
import { button } from '../../blocks/button.ts';
import { truncate } from '../../blocks/escape.ts';
import { capitalised } from '../../blocks/format.ts';
import { itemWithMenu, type MenuItem } from '../../blocks/menu.ts';
import { bold, lines } from '../../blocks/rich-text.ts';
import { tryButton } from '../predict/try-actions.ts';
import { rollbackButton } from '../rollback/rollback-modal.ts';
import { modelLines } from '../status/model-lines.ts';
import { type FleetModel, modelIcon, recordWords, scoreWords } from './model-facts.ts';

/** What a person may do about a model. */
export interface ModelRights {
  readonly mayRetrain: boolean;
  readonly mayRollBack: boolean;
}

/** A model with all that is known and its buttons, for a small fleet; at most 3 blocks. */
export function wholeModel(model: FleetModel, rights: ModelRights, now: Date): KnownBlock[] {
  const { status } = model;
  const elements = [
    ...(status.production === null ? [] : [tryButton(status.name)]),
    ...(rights.mayRetrain ? [button(actionIds.retrainModel, 'Retrain…', status.name)] : []),
    ...(rights.mayRollBack ? rollbackButtons(status) : []),
  ];
  return [
    { type: 'divider' },
    lines(
      [bold(`${modelIcon(status)} ${status.config.title} (${status.name})`)],
      ...modelLines(status, now),
      [capitalised(recordWords(model, now).join(' · '))],
    ),
    ...(elements.length === 0
      ? []
      : [{ type: 'actions' as const, block_id: `model:${status.name}`, elements }]),
  ];
}

function rollbackButtons({ name, production, rollbackTo }: ModelStatus) {
  if (production === null || rollbackTo === null) return [];
  return [rollbackButton({ model: name, from: production.version.version, to: rollbackTo })];
}

/** A model in two lines with a menu, for a fleet; at most 2 blocks. */
export function modelInBrief(model: FleetModel, rights: ModelRights, now: Date): KnownBlock[] {
  const { status } = model;
  const { title } = status.config;
  const words = recordWords(model, now).join(' · ');
  return [
    itemWithMenu(
      `${modelIcon(status)} ${title} (${status.name}) · ${scoreWords(status)}`,
      modelMenu(status, rights),
    ),
    ...(words === ''
      ? []
      : [
          {
            type: 'context' as const,
            elements: [{ type: 'plain_text' as const, text: truncate(words, 300), emoji: false }],
          },
        ]),
  ];
}

function modelMenu(
  { name, production, rollbackTo }: ModelStatus,
  { mayRetrain, mayRollBack }: ModelRights,
): readonly (MenuItem | null)[] {
  return [
    { label: 'Status', command: `status ${name}` },
    { label: 'Versions', command: `versions ${name}` },
    { label: 'Runs', command: `runs ${name}` },
    mayRetrain ? { label: 'Retrain…', command: `retrain ${name}` } : null,
    mayRollBack && production !== null && rollbackTo !== null
      ? { label: `Roll back to v${rollbackTo}…`, command: `rollback ${name}` }
      : null,
  ];
}
