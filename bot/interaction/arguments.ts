import { closest } from '../../pipeline/core/closest.ts';
import { MlopsError } from '../../pipeline/core/errors.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { shown, truncate } from '../blocks/escape.ts';
import { headline, isWaitingForApproval } from '../blocks/headline.ts';
import type { CommandTools } from './command.ts';
import { Misread, replacing, startingWith } from './misread.ts';

/** Most models offered as buttons. */
const MOST_OFFERED = 5;

/** A model by name, ignoring case; without a word, the only model there is. */
export function readModel(tools: Pick<CommandTools, 'config'>, word: string | undefined): string {
  const names = Object.keys(tools.config.models);
  const [only] = names;
  const isVersion = VERSION.test(word ?? '');
  if (word === undefined || isVersion) {
    if (names.length === 1 && only !== undefined && !isVersion) return only;
    throw new Misread('MODEL_UNKNOWN', 'Which model?', {
      hint: `The models are: ${names.join(', ')}.`,
      corrections: names.slice(0, MOST_OFFERED).map((name) => startingWith(name)),
    });
  }
  const name = names.find((each) => each === word.toLowerCase());
  if (name !== undefined) return name;
  const near = closest(word, names);
  throw new Misread('MODEL_UNKNOWN', `There is no model “${shown(word, 40)}”.`, {
    ...(near === null ? { hint: `The models are: ${names.join(', ')}.` } : {}),
    corrections: near === null ? [] : [replacing(word, near)],
  });
}

const VERSION = /^v?(\d{1,9})$/i;

/** A version number, written as `7` or `v7`. @throws {MlopsError} `VERSION_UNKNOWN`. */
function readVersion(word: string | undefined): number {
  const digits = VERSION.exec(word ?? '')?.[1];
  if (digits !== undefined) return Number(digits);
  throw new MlopsError(
    'VERSION_UNKNOWN',
    word === undefined ? 'Which version?' : `“${shown(word, 40)}” is not a version.`,
    { hint: 'Use its number, such as 7 or v7, or “latest”. /mlops versions lists them.' },
  );
}

const NEWEST = ['latest', 'newest', 'last', 'candidate', 'new'];
const LIVE = ['production', 'prod', 'live', 'current'];

/**
 * A version of the model: its number, `latest` or `production`.
 * @throws {MlopsError} `VERSION_UNKNOWN`.
 */
export async function readVersionOf(
  { pipeline }: Pick<CommandTools, 'pipeline'>,
  model: string,
  word: string | undefined,
): Promise<number> {
  const named = word?.toLowerCase() ?? '';
  if (NEWEST.includes(named)) {
    const [newest] = await pipeline.listVersions(model, { limit: 1 });
    if (newest !== undefined) return newest.version;
    throw new MlopsError('VERSION_UNKNOWN', `${model} has no registered version yet.`, {
      hint: `/mlops retrain ${model} trains one.`,
    });
  }
  if (LIVE.includes(named)) {
    const { production } = await pipeline.modelStatus(model);
    if (production !== null) return production.version.version;
    throw new MlopsError('VERSION_UNKNOWN', `${model} has nothing in production yet.`, {
      hint: `/mlops versions ${model} lists its versions.`,
    });
  }
  return readVersion(word);
}

/** Which runs to consider when no run id is given. */
type Wanted = 'active' | 'waiting' | 'any';

/**
 * A run by its id, the beginning or end of its id, or a model: its newest run of the wanted kind.
 * `version` leaves only the runs of that version.
 */
export async function readRun(
  tools: Pick<CommandTools, 'config' | 'pipeline'>,
  word: string | undefined,
  wanted: Wanted,
  version: number | null = null,
): Promise<Run> {
  if (word !== undefined) {
    const exact = await tools.pipeline.getRun(word);
    if (exact !== null) return exact;
  }
  const model = modelNamed(tools, word);
  const isById = word !== undefined && model === null;
  const ongoing = wanted === 'active' || (wanted === 'waiting' && !isById) ? { ended: false } : {};
  const listed = await tools.pipeline.listRuns(model === null ? ongoing : { ...ongoing, model });
  const open = wanted === 'waiting' && !isById ? listed.filter(isWaitingForApproval) : listed;
  const runs = version === null ? open : open.filter((run) => run.version === version);
  const found = isById ? runs.filter(({ id }) => isPartOf(id, word.toLowerCase())) : runs;
  const [first, second] = found;
  if (first === undefined) {
    if (version !== null && open.length > 0) throw noRunOf(open, version);
    throw noRun(runs, word, wanted);
  }
  const isAmbiguous = second !== undefined && (model === null || wanted !== 'any');
  if (isAmbiguous) throw severalRuns(found, word);
  return first;
}

const SHORTEST_PART = 3;

/** The beginning of the id, or the beginning or end of what follows the model in it. */
function isPartOf(id: string, part: string): boolean {
  if (part.length < SHORTEST_PART) return false;
  const own = id.slice(id.lastIndexOf('-') + 1);
  return id.endsWith(part) || own.startsWith(part) || (part.includes('-') && id.startsWith(part));
}

function modelNamed(tools: Pick<CommandTools, 'config'>, word: string | undefined): string | null {
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
  return new Misread('RUN_UNKNOWN', `There is no run “${shown(word, 80)}”.`, {
    ...(near === null ? { hint: '/mlops runs lists the latest runs.' } : {}),
    corrections: near === null ? [] : [replacing(word, near)],
  });
}

/** The run of another version is waiting, or running: offered instead. */
function noRunOf(open: readonly Run[], version: number): MlopsError {
  const [first] = open;
  return new Misread('RUN_UNKNOWN', `No such run is about v${version}.`, {
    hint:
      first === undefined ? '/mlops runs lists the latest runs.' : `There is: ${headline(first)}.`,
    corrections: [],
  });
}

function severalRuns(found: readonly Run[], word: string | undefined): MlopsError {
  const offered = found.slice(0, MOST_OFFERED);
  return new Misread('RUN_UNKNOWN', 'Which run?', {
    hint: `It could be: ${offered.map(({ id }) => id).join(', ')}.`,
    corrections: offered.map((run) => {
      const label = truncate(`${headline(run)} · ${run.id.slice(run.model.length + 1)}`, 75);
      return word === undefined ? startingWith(run.id, label) : replacing(word, run.id, label);
    }),
  });
}
