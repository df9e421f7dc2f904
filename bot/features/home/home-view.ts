import type { ActionsBlock, KnownBlock, StaticSelect } from '@slack/types';
import type { HomeView } from '@slack/web-api';
import type { ModelStatus } from '../../../pipeline/core/pipeline.ts';
import type { Run } from '../../../pipeline/core/run.ts';
import { actionIds } from '../../blocks/action-ids.ts';
import { button } from '../../blocks/button.ts';
import { truncate } from '../../blocks/escape.ts';
import { headline } from '../../blocks/headline.ts';
import type { ModelFacts } from '../../blocks/message.ts';
import { bold, instant, lines } from '../../blocks/rich-text.ts';
import { scoreLine } from '../../blocks/scores.ts';
import { alertLine } from '../alerts/alerts-message.ts';
import { approvalLines } from '../approval/approval-lines.ts';
import { approveButton, rejectButton } from '../approval/decision-buttons.ts';
import { rollbackButton } from '../rollback/rollback-modal.ts';
import { modelLines } from '../status/model-lines.ts';

/** What the Home tab of one person shows. */
export interface HomeInput {
  readonly fleet: readonly ModelStatus[];
  /** Runs waiting for approval; `isMine`: this person may decide. */
  readonly waiting: readonly { run: Run; facts: ModelFacts; isMine: boolean }[];
  readonly isOperator: boolean;
  readonly mayRollBack: (model: string) => boolean;
  /** Model to show first; null: all in the order of the configuration. */
  readonly selected: string | null;
  readonly now: Date;
}

/** With these, at most 1 + 8 + 8·3 + 15·3 + 3 of the 100 blocks a Home tab may have. */
const MAX_ALERTS = 8;
const MAX_WAITING = 8;
const MAX_MODELS = 15;
const MAX_OPTIONS = 100;

/** The Home tab: open alerts, decisions this person can make, then every model with its buttons. */
export function homeView(input: HomeInput): HomeView {
  const mine = input.waiting.filter(({ isMine }) => isMine);
  const others = input.waiting.filter(({ isMine }) => !isMine);
  return {
    type: 'home',
    blocks: [
      { type: 'header', text: plain(title(mine.length)) },
      ...alertBlocks(input),
      ...[...mine, ...others].slice(0, MAX_WAITING).flatMap(waitingBlocks),
      ...inOrder(input)
        .slice(0, MAX_MODELS)
        .flatMap((model) => modelBlocks(model, input)),
      chooser(input),
      {
        type: 'context',
        elements: [
          plain(
            `As of ${input.now.toISOString().slice(11, 16)} UTC · /mlops help lists the commands`,
          ),
        ],
      },
    ],
  };
}

function title(mine: number): string {
  if (mine === 0) return 'Nothing is waiting for you';
  return mine === 1 ? 'One decision is waiting for you' : `${mine} decisions are waiting for you`;
}

function alertBlocks({ fleet }: HomeInput): KnownBlock[] {
  const open = fleet.flatMap(({ alerts, config }) =>
    alerts.map((alert) => lines(alertLine(alert, config.gate.metric))),
  );
  const rest = open.length - MAX_ALERTS;
  if (rest <= 0) return open;
  return [...open.slice(0, MAX_ALERTS - 1), lines([`and ${rest + 1} more: /mlops alerts`])];
}

function waitingBlocks({ run, facts, isMine }: HomeInput['waiting'][number]): KnownBlock[] {
  const description = lines(
    [
      bold(headline(run)),
      ', requested ',
      instant(run.approval?.requestedAt ?? run.updatedAt, 'date and time'),
    ],
    scoreLine(run, facts),
    ...approvalLines(run, true).slice(-1),
  );
  if (!isMine) return [description];
  const buttons: ActionsBlock = {
    type: 'actions',
    block_id: `waiting:${run.id}`,
    elements: [approveButton(run, facts), rejectButton(run)],
  };
  return [description, buttons];
}

function inOrder({ fleet, selected }: HomeInput): readonly ModelStatus[] {
  const first = fleet.filter(({ name }) => name === selected);
  return [...first, ...fleet.filter(({ name }) => name !== selected)];
}

function modelBlocks(model: ModelStatus, input: HomeInput): KnownBlock[] {
  const elements = [
    ...(input.isOperator ? [retrainButton(model)] : []),
    ...(input.mayRollBack(model.name) ? rollbackButtons(model) : []),
  ];
  return [
    { type: 'divider' },
    lines([bold(`${model.config.title} (${model.name})`)], ...modelLines(model, input.now)),
    ...(elements.length === 0
      ? []
      : [{ type: 'actions' as const, block_id: `model:${model.name}`, elements }]),
  ];
}

function retrainButton(model: ModelStatus) {
  return button(actionIds.retrainModel, 'Retrain…', model.name);
}

function rollbackButtons({ name, production, rollbackTo }: ModelStatus) {
  if (production === null || rollbackTo === null) return [];
  return [rollbackButton({ model: name, from: production.version.version, to: rollbackTo })];
}

function chooser({ fleet, selected }: HomeInput): KnownBlock {
  const refresh = button(actionIds.homeRefresh, 'Refresh', selected ?? '');
  const options = fleet.slice(0, MAX_OPTIONS).map(({ name, config }) => ({
    text: plain(truncate(`${config.title} (${name})`, 75)),
    value: name,
  }));
  const select: StaticSelect = {
    type: 'static_select',
    action_id: actionIds.homeModel,
    placeholder: plain('Show first…'),
    options,
  };
  return {
    type: 'actions',
    block_id: 'home',
    elements: options.length > 1 ? [select, refresh] : [refresh],
  };
}

function plain(text: string) {
  return { type: 'plain_text' as const, text, emoji: true };
}
