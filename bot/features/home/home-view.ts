import type { KnownBlock } from '@slack/types';
import type { HomeView } from '@slack/web-api';
import { plural } from '../../blocks/format.ts';
import { bold, lines } from '../../blocks/rich-text.ts';
import { firstSteps } from './first-steps.ts';
import { controls, isShown, paging } from './home-controls.ts';
import { type HomeState, homeStateText } from './home-state.ts';
import { modelInBrief, wholeModel } from './model-blocks.ts';
import type { FleetModel } from './model-facts.ts';
import { type WaitingRun, waitingBlocks } from './waiting-blocks.ts';
import { wrongBlocks } from './wrong-blocks.ts';

/** What the Home tab of one person shows. */
export interface HomeInput {
  readonly fleet: readonly FleetModel[];
  readonly waiting: readonly WaitingRun[];
  readonly isOperator: boolean;
  readonly mayRollBack: (model: string) => boolean;
  readonly state: HomeState;
  readonly now: Date;
}

/** So few models are shown with all that is known. */
const MOST_WHOLE = 4;
/**
 * Models on a page. A Home tab may have 100 blocks: 1 + (6·2 + 4 + 1) + (1 + 6 + 1) + 1 + 1 + 1 +
 * 20·2 + 1 + 1 is 71.
 */
export const PAGE_SIZE = 20;

/** The Home tab: what waits for this person, what is wrong, then every model, page by page. */
export function homeView(input: HomeInput): HomeView {
  const { fleet, waiting, isOperator, state, now } = input;
  const statuses = fleet.map(({ status }) => status);
  return {
    type: 'home',
    private_metadata: homeStateText(state),
    blocks: [
      { type: 'header', text: plain(title(waiting.filter(({ isMine }) => isMine).length)) },
      ...waitingBlocks(waiting),
      ...wrongBlocks(statuses, now),
      ...firstSteps(statuses, isOperator),
      controls(statuses, state),
      ...modelsOf(input),
      {
        type: 'context',
        elements: [
          plain(`As of ${now.toISOString().slice(11, 16)} UTC · /mlops help lists the commands`),
        ],
      },
    ],
  };
}

function title(mine: number): string {
  if (mine === 0) return 'Nothing is waiting for you';
  return mine === 1 ? 'One decision is waiting for you' : `${mine} decisions are waiting for you`;
}

function modelsOf({ fleet, isOperator, mayRollBack, state, now }: HomeInput): KnownBlock[] {
  const shown = fleet.filter(({ status }) => isShown(status, state));
  const pages = Math.max(1, Math.ceil(shown.length / PAGE_SIZE));
  const page = Math.min(state.page, pages - 1);
  const from = page * PAGE_SIZE;
  const onPage = shown.slice(from, from + PAGE_SIZE);
  const blocksOf = shown.length <= MOST_WHOLE ? wholeModel : modelInBrief;
  return [
    ...(shown.length <= MOST_WHOLE && shown.length === fleet.length
      ? []
      : [lines([bold(counted(shown.length, fleet.length, from, onPage.length))])]),
    ...onPage.flatMap((model) => {
      const rights = { mayRetrain: isOperator, mayRollBack: mayRollBack(model.status.name) };
      return blocksOf(model, rights, now);
    }),
    ...paging(shown.length, PAGE_SIZE, { ...state, page }),
  ];
}

function counted(shown: number, all: number, from: number, onPage: number): string {
  const part = shown > onPage ? `${from + 1}–${from + onPage} of ` : '';
  return shown === all
    ? `${part}${plural(all, 'model')}`
    : `${part}${shown} of ${plural(all, 'model')}`;
}

function plain(text: string) {
  return { type: 'plain_text' as const, text, emoji: true };
}
