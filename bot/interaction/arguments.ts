import { closest } from '../../pipeline/core/closest.ts';
import { MlopsError } from '../../pipeline/core/errors.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { shown } from '../blocks/escape.ts';
import { isWaitingForApproval } from '../blocks/headline.ts';
import type { CommandTools } from './command.ts';

/** A model by name, ignoring case; without a word, the only model there is. */
export function readModel(tools: CommandTools, word: string | undefined): string {
  const names = Object.keys(tools.config.models);
  const [only] = names;
  if (word === undefined) {
    if (names.length === 1 && only !== undefined) return only;
    throw new MlopsError('MODEL_UNKNOWN', 'Which model?', {
      hint: `The models are: ${names.join(', ')}.`,
    });
  }
  const name = names.find((each) => each === word.toLowerCase());
  if (name !== undefined) return name;
  const near = closest(word, names);
  throw new MlopsError('MODEL_UNKNOWN', `There is no model “${shown(word, 40)}”.`, {
    hint: near === null ? `The models are: ${names.join(', ')}.` : `Did you mean “${near}”?`,
  });
}

/** A version number, written as `7` or `v7`. @throws {MlopsError} `VERSION_UNKNOWN`. */
export function readVersion(word: string | undefined): number {
  const digits = /^v?(\d{1,9})$/i.exec(word ?? '')?.[1];
  if (digits !== undefined) return Number(digits);
  throw new MlopsError(
    'VERSION_UNKNOWN',
    word === undefined ? 'Which version?' : `“${shown(word, 40)}” is not a version.`,
    { hint: 'Use its number, such as 7 or v7. /mlops versions lists them.' },
  );
}

/** Which runs to consider when no run id is given. */
type Wanted = 'active' | 'waiting' | 'any';

/** A run by its id, the end of its id, or a model: its newest run of the wanted kind. */
export async function readRun(
  tools: CommandTools,
  word: string | undefined,
  wanted: Wanted,
): Promise<Run> {
  if (word !== undefined) {
    const exact = await tools.pipeline.getRun(word);
    if (exact !== null) return exact;
  }
  const model = modelNamed(tools, word);
  const isById = word !== undefined && model === null;
  const ongoing = wanted === 'active' || (wanted === 'waiting' && !isById) ? { ended: false } : {};
  const listed = await tools.pipeline.listRuns(model === null ? ongoing : { ...ongoing, model });
  const runs = wanted === 'waiting' && !isById ? listed.filter(isWaitingForApproval) : listed;
  const found = isById ? runs.filter(({ id }) => id.endsWith(word)) : runs;
  const [first, second] = found;
  if (first === undefined) throw noRun(runs, word, wanted);
  if (second !== undefined && (model === null || wanted !== 'any')) throw severalRuns(found);
  return first;
}

function modelNamed(tools: CommandTools, word: string | undefined): string | null {
  const name = word?.toLowerCase() ?? '';
  return Object.hasOwn(tools.config.models, name) ? name : null;
}

const noneOf: Readonly<Record<Wanted, readonly [message: string, hint: string]>> = {
  active: ['No run is in progress.', '/mlops retrain starts one.'],
  waiting: ['Nothing is waiting for approval.', '/mlops runs lists the latest runs.'],
  any: ['There are no runs yet.', '/mlops retrain starts one.'],
};

function noRun(runs: readonly Run[], word: string | undefined, wanted: Wanted): MlopsError {
  if (word === undefined || runs.length === 0) {
    const [message, hint] = noneOf[wanted];
    return new MlopsError('RUN_UNKNOWN', message, { hint });
  }
  const near = closest(
    word,
    runs.map(({ id }) => id),
  );
  return new MlopsError('RUN_UNKNOWN', `There is no run “${shown(word, 80)}”.`, {
    hint: near === null ? '/mlops runs lists the latest runs.' : `Did you mean “${near}”?`,
  });
}

function severalRuns(found: readonly Run[]): MlopsError {
  return new MlopsError('RUN_UNKNOWN', 'Which run?', {
    hint: `It could be: ${found
      .slice(0, 5)
      .map(({ id }) => id)
      .join(', ')}.`,
  });
}
