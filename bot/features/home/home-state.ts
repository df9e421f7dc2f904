import type { Config } from '../../../pipeline/core/config.ts';

export const homeFilters = ['all', 'waiting', 'wrong', 'running', 'empty'] as const;
export type HomeFilter = (typeof homeFilters)[number];

/** Which models a person looks at on their Home tab. It is kept in the tab, not in a store. */
export interface HomeState {
  readonly filter: HomeFilter;
  /** From 0. */
  readonly page: number;
  /** The one model that was searched for; null: none. */
  readonly model: string | null;
}

export const wholeFleet: HomeState = { filter: 'all', page: 0, model: null };

/** The state as the value of a button. */
export function homeStateText({ filter, page, model }: HomeState): string {
  return new URLSearchParams({
    ...(model === null ? {} : { model }),
    ...(filter === 'all' ? {} : { filter }),
    ...(page === 0 ? {} : { page: String(page) }),
  }).toString();
}

/** Reads a state; the name of a model alone, which older tabs send, is that model. */
export function readHomeState(text: string, { models }: Pick<Config, 'models'>): HomeState {
  const isKnown = (name: string) => Object.hasOwn(models, name);
  if (isKnown(text)) return { ...wholeFleet, model: text };
  const read = new URLSearchParams(text);
  const model = read.get('model');
  const page = Number(read.get('page') ?? 0);
  return {
    filter: homeFilters.find((each) => each === read.get('filter')) ?? 'all',
    page: Number.isSafeInteger(page) && page > 0 ? page : 0,
    model: model !== null && isKnown(model) ? model : null,
  };
}
