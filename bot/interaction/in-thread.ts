import type { Config } from '../../pipeline/core/config.ts';
import type { ThreadSubject } from './thread-subject.ts';
import type { Understood } from './understand.ts';

/** Commands that take a run. */
const aboutARun: ReadonlySet<string> = new Set([
  'status',
  'logs',
  'stop',
  'retry',
  'approve',
  'remind',
  'snooze',
  'handover',
]);
/** Commands that take a model, alone or before other arguments. */
const aboutAModel: ReadonlySet<string> = new Set([
  'runs',
  'versions',
  'diff',
  'model-card',
  'costs',
  'predict',
  'retrain',
  'promote',
  'rollback',
  'alerts',
  'mute',
  'unmute',
  'audit',
]);
/** Commands that take a version behind the model. */
const aboutAVersion: ReadonlySet<string> = new Set(['diff', 'model-card', 'promote']);

/** In the thread of a run or alert, a command that names no model means the one of the thread. */
export function inThread(
  understood: Understood,
  { model, runId, version }: ThreadSubject,
  models: Config['models'],
): Understood {
  const { name, words } = understood;
  const [first] = words;
  if (name === null || (first !== undefined && Object.hasOwn(models, first.toLowerCase()))) {
    return understood;
  }
  if (name === 'gate' && words.length === 1) {
    return { ...understood, words: [...words, runId ?? model] };
  }
  if (name === 'evidence') {
    return { ...understood, words: first === undefined ? [runId ?? model] : [model, ...words] };
  }
  if (aboutARun.has(name)) {
    const isJob = name === 'logs' && (first === 'train' || first === 'evaluate');
    const isTime = name === 'snooze' && /^\d/.test(first ?? '');
    return first === undefined || isJob || isTime
      ? { ...understood, words: [runId ?? model, ...words] }
      : understood;
  }
  if (!aboutAModel.has(name)) return understood;
  const isBare = words.length === 0;
  const named = isBare && version !== null && aboutAVersion.has(name) ? [`v${version}`] : words;
  return { ...understood, words: [model, ...named] };
}
