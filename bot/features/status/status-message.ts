import type { ModelStatus } from '../../../pipeline/core/pipeline.ts';
import { type Run, type RunId, sourceOf } from '../../../pipeline/core/run.ts';
import { shown } from '../../blocks/escape.ts';
import { itemWithMenu, type MenuItem, openCard } from '../../blocks/menu.ts';
import { type Message, type ModelFacts, message } from '../../blocks/message.ts';
import { lines } from '../../blocks/rich-text.ts';
import { sourcePhrase } from '../../blocks/source.ts';
import { runDetails } from '../run/run-details.ts';
import { modelLines } from './model-lines.ts';

const MAX_MODELS = 20;

/** The status of models, one block each. */
export function statusMessage(
  models: readonly ModelStatus[],
  now: Date,
  /** Addresses of the cards of runs, by their ids. */
  links: ReadonlyMap<RunId, string> = new Map(),
): Message {
  const rest = models.length - MAX_MODELS;
  const title =
    models.length === 1 ? `Status of ${models[0]?.name}` : `Status of ${models.length} models`;
  return message(title, [
    ...models
      .slice(0, MAX_MODELS)
      .flatMap((model) => [
        itemWithMenu(`${model.config.title} (${model.name})`, modelMenu(model, links)),
        lines(...modelLines(model, now, links)),
      ]),
    ...(rest > 0 ? [lines([`and ${rest} more: /mlops status <model>`])] : []),
  ]);
}

/** What can be asked and done about a model, as commands. */
function modelMenu(
  { name, production, rollbackTo, activeRuns }: ModelStatus,
  links: ReadonlyMap<RunId, string>,
): readonly (MenuItem | null)[] {
  const [run] = activeRuns;
  const card = run ?? (production === null ? null : { id: production.runId });
  return [
    openCard(card === null ? null : (links.get(card.id) ?? null)),
    { label: 'Versions', command: `versions ${name}` },
    { label: 'Runs', command: `runs ${name}` },
    production === null ? null : { label: 'Newest against production', command: `diff ${name}` },
    rollbackTo === null ? null : { label: 'Roll back…', command: `rollback ${name}` },
  ];
}

/** The details of a run, with the code that trained it. */
export function runStatus(run: Run, facts: ModelFacts): Message {
  const { text, blocks } = runDetails(run, facts);
  const source = sourceOf(run);
  return {
    text,
    blocks: [
      ...blocks,
      ...(source === null ? [] : [lines([`Trained with ${sourcePhrase(source)}.`])]),
    ],
  };
}

/** The same in the run's thread, with the name of who asked. */
export function runStatusFor(asker: string, run: Run, facts: ModelFacts): Message {
  const { text, blocks } = runStatus(run, facts);
  return { text, blocks: [lines([`${shown(asker, 40)} asked about this run.`]), ...blocks] };
}
