import type { ActionsBlock, Button, KnownBlock, PlainTextOption, StaticSelect } from '@slack/types';
import type { ModelStatus } from '../../../pipeline/core/pipeline.ts';
import { actionIds } from '../../blocks/action-ids.ts';
import { button } from '../../blocks/button.ts';
import { truncate } from '../../blocks/escape.ts';
import { isWaitingForApproval } from '../../blocks/headline.ts';
import {
  type HomeFilter,
  type HomeState,
  homeFilters,
  homeStateText,
  wholeFleet,
} from './home-state.ts';
import { isWrong } from './wrong-blocks.ts';

/** Slack's limit for the options of a menu and of each group in one. */
const MOST_OPTIONS = 100;

const filterTitles: Readonly<Record<HomeFilter, string>> = {
  all: 'All models',
  waiting: 'Waiting for approval',
  wrong: 'Something is wrong',
  running: 'A run in progress',
  empty: 'Nothing in production',
};

/** Whether a model is shown in this state of the tab. */
export function isShown(status: ModelStatus, { filter, model }: HomeState): boolean {
  if (model !== null) return status.name === model;
  switch (filter) {
    case 'all':
      return true;
    case 'waiting':
      return status.activeRuns.some(isWaitingForApproval);
    case 'wrong':
      return isWrong(status);
    case 'running':
      return status.activeRuns.length > 0;
    case 'empty':
      return status.production === null;
  }
}

/** Search, filter and refresh; Slack searches a menu by what is typed. */
export function controls(fleet: readonly ModelStatus[], state: HomeState): ActionsBlock {
  const refresh = button(actionIds.homeRefresh, 'Refresh', homeStateText(state));
  const isNarrowed = state.model !== null || state.filter !== 'all';
  const all = button(`${actionIds.homePage}:all`, 'Show all', homeStateText(wholeFleet));
  return {
    type: 'actions',
    block_id: 'home',
    elements: [
      ...(fleet.length > 1 ? [search(fleet), filter(state)] : []),
      refresh,
      ...(isNarrowed ? [all] : []),
    ],
  };
}

function search(fleet: readonly ModelStatus[]): StaticSelect {
  const options = fleet.map(({ name, config }) => option(`${config.title} (${name})`, name));
  const common = {
    type: 'static_select' as const,
    action_id: actionIds.homeModel,
    placeholder: plain('Find a model…'),
  };
  if (options.length <= MOST_OPTIONS) return { ...common, options };
  const groups = Math.min(MOST_OPTIONS, Math.ceil(options.length / MOST_OPTIONS));
  return {
    ...common,
    option_groups: Array.from({ length: groups }, (_, index) => ({
      label: plain(`Models from ${index * MOST_OPTIONS + 1}`),
      options: options.slice(index * MOST_OPTIONS, (index + 1) * MOST_OPTIONS),
    })),
  };
}

function filter(state: HomeState): StaticSelect {
  const options = homeFilters.map((each) =>
    option(filterTitles[each], homeStateText({ ...wholeFleet, filter: each }) || 'filter=all'),
  );
  const chosen = options[homeFilters.indexOf(state.filter)];
  return {
    type: 'static_select',
    action_id: actionIds.homeFilter,
    placeholder: plain('Show…'),
    options,
    ...(chosen === undefined || state.model !== null ? {} : { initial_option: chosen }),
  };
}

/** Which of how many are shown, with buttons to the others; nothing where all fit. */
export function paging(total: number, size: number, state: HomeState): readonly KnownBlock[] {
  const pages = Math.ceil(total / size);
  if (pages <= 1) return [];
  const to = (page: number, name: string, label: string): Button =>
    button(`${actionIds.homePage}:${name}`, label, homeStateText({ ...state, page }));
  return [
    {
      type: 'actions',
      block_id: 'pages',
      elements: [
        ...(state.page > 0 ? [to(state.page - 1, 'previous', 'Previous')] : []),
        ...(state.page < pages - 1 ? [to(state.page + 1, 'next', 'Next')] : []),
      ],
    },
  ];
}

const option = (text: string, value: string): PlainTextOption => ({
  text: plain(truncate(text, 75)),
  value,
});

function plain(text: string) {
  return { type: 'plain_text' as const, text, emoji: true };
}
