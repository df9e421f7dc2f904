import type { Refusal } from '../../pipeline/core/approval.ts';
import type { AuditEntry } from '../../pipeline/core/audit.ts';
import { MlopsError } from '../../pipeline/core/errors.ts';
import type { TypedSettings } from '../../pipeline/core/gate/gate-settings.ts';
import type { Verdict } from '../../pipeline/core/gate/verdict.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { errorAnswer } from '../blocks/answer.ts';
import { goesOn, notDone } from '../blocks/late.ts';
import { noticeModal } from '../blocks/modal.ts';
import { nothingToDo, startedAnswer } from '../blocks/started.ts';
import { didYouMean, suggest } from '../blocks/suggestion.ts';
import { countedAnswer } from '../features/approval/decision-messages.ts';
import { refusalAnswer } from '../features/approval/refusal.ts';
import { auditMessage } from '../features/audit/audit-message.ts';
import { replayMessage } from '../features/gate/replay-message.ts';
import { allCommands, greeting, helpMessage, helpOn } from '../features/help/help.ts';
import { type Notice, noticeMessage } from '../features/notices/notice-message.ts';
import { chosenAnswer, currentAnswer, firstMessage } from '../features/notify/notify-command.ts';
import { commandGroups } from '../features/run-command.ts';
import { stopAnswer } from '../features/stop/stop.ts';
import { whoamiMessage } from '../features/whoami/whoami.ts';
import { answers, messages, modals, type Section } from './example.ts';
import { grace, manyLabels, nastyNames } from './sample-parts.ts';
import { sampleRuns } from './sample-runs.ts';
import { gatePolicy, verdict } from './sample-verdicts.ts';

const runs = sampleRuns();
const reference = '4fd1a9c2';
const ownRequest: Refusal = { kind: 'own_request', run: run('waiting for approval') };

/** What only one person sees (answers, refusals, errors, help), and notices in the channel. */
export function answerSections(): readonly Section[] {
  const groups = commandGroups({ local: null });
  const commands = groups.flatMap((group) => group.commands);
  const started = run('started');
  return [
    answers('Help', [
      ['notify', currentAnswer(null, 'r1')],
      ['notify, chosen', currentAnswer('direct', 'r1')],
      ['notify dm', chosenAnswer('direct')],
      ['notify thread', chosenAnswer('thread')],
      ['the first direct message', firstMessage],
      ['help', helpMessage(groups, ['spam', 'tumour'], 'r1')],
      ['all commands with their arguments', allCommands(groups, ['spam', 'tumour'])],
      ['a bare mention', greeting('r1')],
      ...commands.map((each) => [`help ${each.name}`, helpOn(each)] as const),
    ]),
    answers(
      'Refused decisions',
      refusals().map((refusal) => [refusal.kind, refusalAnswer(refusal, grace)]),
    ),
    answers('Counted decisions', [
      ['approved', countedAnswer(run('deploying'), 'approved')],
      ['one of two approved', countedAnswer(run('waiting for approval'), 'approved')],
      ['rejected', countedAnswer(run('rejected'), 'rejected')],
    ]),
    answers('Runs started and stopped', [
      ['started', startedAnswer({ run: started, isNew: true }, '#ml-ops')],
      ['started before', startedAnswer({ run: run('deployed'), isNew: false }, '#ml-ops')],
      ['stopping', stopAnswer({ status: 'stopping', run: run('training') })],
      ['already ended', stopAnswer({ status: 'already_ended', run: run('stopped') })],
      ['too late', stopAnswer({ status: 'too_late', run: run('deploying') })],
      ['nothing to do', nothingToDo(run('rejected'))],
    ]),
    answers('Replays of the gate', [
      ['another verdict', replay('inconclusive', { margin: '0.01', metric: 'accuracy' })],
      ['the same verdict', replay('pass', {})],
      ['of one that was not comparable', replay('not_comparable', { minimum: '0.95' })],
    ]),
    answers('Who am I', [
      ['operator', whoami('Ada', ['U0ADA'], true, [])],
      ['approver', whoami('Grace', ['U0GRACE', 'S0LEADS'], false, ['spam'])],
      ['of everything', whoami(nastyNames[2], ['U0X'], true, manyLabels)],
    ]),
    answers('Suggestions', [
      ['a mistyped command', suggested('retrain spam 5 epochs')],
      ['several', suggested('mute spam 8h', 'mute spam 8m', 'mute spam 8d')],
      ['of a nasty word', suggested(`retrain ${nastyNames[0]}`)],
      ['none', suggested()],
    ]),
    answers('Audit log', [
      ['usual', auditMessage(auditEntries, { model: null, isFiltered: true })],
      ['of a person', auditMessage(auditEntries, { model: 'spam', person: 'Ada' })],
      ['empty', auditMessage([], { model: 'spam', isFiltered: true })],
    ]),
    answers('Errors', [
      ['one can correct', errorAnswer(unknownModel(), reference)],
      ['unexpected', errorAnswer(new Error('secret'), reference)],
    ]),
    answers('Longer than Slack waits', [
      ['goes on', goesOn],
      ['could not go on', notDone],
    ]),
    messages('Notices', [
      ...nastyNames.map(
        (name, index) => [`ignored file ${index + 1}`, noticeMessage(notice(name))] as const,
      ),
      ['scheduled retrain not started', noticeMessage(noDataset)],
      [
        'hello, nothing missing',
        noticeMessage({ key: 'hello', kind: 'hello', models: ['spam', 'tumour'], missing: [] }),
      ],
      [
        'hello, much missing',
        noticeMessage({ key: 'hello', kind: 'hello', models: nastyNames, missing: nastyNames }),
      ],
    ]),
    modals('Notice where no message can be shown', [
      ['refused click in the Home tab', noticeModal(refusalAnswer(ownRequest, grace))],
    ]),
  ];
}

function suggested(...commands: readonly string[]) {
  const suggestions = commands.map((command) => ({ command }));
  const hint = didYouMean(suggestions) ?? '/mlops help lists them all.';
  return suggest('There is no command “retrian”.', { hint, suggestions, requestId: 'slack:1' });
}

const auditEntries: readonly AuditEntry[] = (
  [
    { kind: 'ok' },
    { kind: 'refused', reason: 'Only operators can stop a run; you are not one.' },
    { kind: 'refused', reason: 'There is no model “spma”.', isMisread: true },
    { kind: 'failed', code: 'CONFLICT' },
  ] as const
).map((outcome, index) => ({
  id: `entry-${index}`,
  at: '2026-11-20T09:40:00.000Z',
  by: grace,
  from: 'slack',
  action: 'stop',
  model: 'spam',
  what: `spam ${nastyNames[index] ?? ''}`,
  outcome,
}));

function refusals(): readonly Refusal[] {
  return [
    { kind: 'run_unknown' },
    { kind: 'not_waiting', run: run('deployed') },
    { kind: 'not_an_approver', approvers: ['U0GRACE'] },
    ownRequest,
    { kind: 'out_of_date', run: run('out of date'), live: 8 },
    { kind: 'already_decided', run: run('rejected') },
    { kind: 'expired', run: run('expired') },
    { kind: 'digest_changed' },
  ];
}

function run(state: string): Run {
  const found = runs[state];
  if (found === undefined) throw new Error(`There is no sample run “${state}”.`);
  return found;
}

function replay(outcome: Verdict['outcome'], settings: TypedSettings) {
  const recorded = verdict('pass');
  const judged = { run: run('deployed'), policy: gatePolicy, recorded, replayed: verdict(outcome) };
  return replayMessage(judged, settings);
}

function whoami(
  name: string,
  memberOf: readonly string[],
  isOperator: boolean,
  approves: readonly string[],
) {
  return whoamiMessage({ name, memberOf, isOperator, approves });
}

function unknownModel(): MlopsError {
  return new MlopsError('MODEL_UNKNOWN', `There is no model “${nastyNames[0]}”.`, {
    hint: 'The models are spam and tumour.',
  });
}

const noDataset: Notice = {
  key: 'schedule spam:2026-11-22T04:00:00Z',
  kind: 'retrain_refused',
  model: 'spam',
  reason: 'There is no valid dataset for spam yet.',
  hint: 'Drop a CSV or JSON Lines file into its inbox first.',
};

function notice(fileName: string): Notice {
  return {
    key: fileName,
    kind: 'file_ignored',
    fileName,
    reason: 'A dataset must be a .csv, .jsonl or .ndjson file.',
    hint: 'Save it as CSV and drop it again.',
  };
}
