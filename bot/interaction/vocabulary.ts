/**
 * The words people use for commands. A name that a command really has always wins, and a word counts
 * only if its command exists. `revert` and `undo` mean rollback, never reject.
 */
const synonyms: Readonly<Record<string, readonly string[]>> = {
  status: [
    'state',
    'models',
    'model',
    'list',
    'ls',
    'info',
    'overview',
    'health',
    'live',
    'production',
    'prod',
    'show',
    'view',
  ],
  runs: ['history', 'jobs', 'trainings', 'recent', 'latest runs', 'last runs'],
  versions: ['registry', 'releases', 'version', 'model versions'],
  diff: ['compare', 'comparison', 'difference', 'differences', 'changes', 'vs'],
  evidence: ['flips', 'flipped', 'mistakes', 'confusion', 'confusion matrix', 'calibration'],
  'model-card': ['model card', 'modelcard', 'card', 'datasheet'],
  logs: ['log', 'output', 'tail'],
  costs: ['cost', 'price', 'prices', 'spend', 'spending', 'bill', 'billing', 'money'],
  predict: ['invoke', 'classify', 'infer', 'inference', 'try'],
  retrain: ['train', 're-train', 're train', 'fit', 'fine-tune', 'finetune', 'train again'],
  retry: ['rerun', 're-run', 'repeat', 'redo', 'run again', 'try again', 'start again'],
  stop: ['cancel', 'abort', 'kill', 'halt', 'terminate'],
  approvals: ['pending', 'waiting', 'todo', 'open approvals'],
  remind: ['nudge', 'remind approvers', 'remind of'],
  snooze: ['remind me', 'remind me of', 'remind me later', 'later', 'not now', 'postpone'],
  handover: ['hand over', 'hand-over', 'delegate', 'reassign'],
  approve: ['accept', 'lgtm'],
  reject: ['decline', 'deny', 'refuse', 'turn down'],
  promote: ['deploy', 'release', 'ship', 'publish', 'rollout', 'roll out', 'put live', 'go live'],
  rollback: [
    'revert',
    'undo',
    'restore',
    'roll back',
    'role back',
    'roll-back',
    'go back',
    'put back',
  ],
  notify: ['notifications', 'notification', 'notify me', 'dm me', 'ping me'],
  alerts: ['alert', 'incident', 'incidents', 'regressions', 'alarm', 'alarms'],
  mute: ['silence', 'quiet', 'mute alerts'],
  unmute: ['unsilence', 'un-mute', 'unmute alerts'],
  whoami: ['me', 'who am i', 'my rights', 'rights', 'permissions'],
  audit: ['audit log', 'audit-log', 'activity'],
  help: [
    '?',
    '-h',
    '--help',
    'commands',
    'manual',
    'usage',
    'man',
    'help me',
    'what can you do',
    'how does this work',
  ],
};

const commandOf: ReadonlyMap<string, string> = new Map(
  Object.entries(synonyms).flatMap(([command, words]) => words.map((word) => [word, command])),
);

/** The most words of a phrase in the table. */
export const LONGEST_PHRASE = 4;

/** The command a word or phrase stands for; undefined when it is in no table. */
export function synonymOf(phrase: string): string | undefined {
  return commandOf.get(phrase);
}

/** Greetings and politeness before the command, longest first. */
export const openings: readonly (readonly string[])[] = [
  'would you please',
  'could you please',
  'can you please',
  'i would like to',
  "i'd like to",
  'i want to',
  'i need to',
  'would you',
  'could you',
  'can you',
  'will you',
  'let us',
  'please',
  'kindly',
  "let's",
  'lets',
  'hello',
  'show me',
  'give me',
  'tell me',
  '/mlops',
  '@mlops',
  'mlops',
  'hey',
  'hi',
  'pls',
  'plz',
  'ok',
  'okay',
].map((phrase) => phrase.split(' '));

/** Words among the arguments that change nothing about what is meant. */
export const fillers: ReadonlySet<string> = new Set([
  'a',
  'an',
  'and',
  'again',
  'at',
  'for',
  'in',
  'into',
  'just',
  'me',
  'model',
  'my',
  'now',
  'of',
  'on',
  'our',
  'please',
  'pls',
  'plz',
  'run',
  'thanks',
  'the',
  'to',
  'version',
  'with',
]);

/** Commands whose first word says what to do; their model stands behind it. */
export const actionFirst: ReadonlySet<string> = new Set(['gate']);

/** Commands whose effect is large: no spelling mistake but the smallest is read as one of them. */
export const consequential: ReadonlySet<string> = new Set([
  'approve',
  'promote',
  'reject',
  'retire',
  'rollback',
  'stop',
  'unmark',
  'unmute',
]);
