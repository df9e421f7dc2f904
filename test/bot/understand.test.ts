import { describe, expect, it } from 'vitest';
import { commandGroups } from '../../bot/features/run-command.ts';
import { textOf, tokenize } from '../../bot/interaction/tokenize.ts';
import { understand } from '../../bot/interaction/understand.ts';
import { testConfig } from './bot-harness.ts';

const commands = commandGroups({ local: null }).flatMap((group) => group.commands);
const read = (text: string) => understand(tokenize(text), { commands, models: testConfig.models });
/** What was understood as the command somebody who knows them would have typed. */
const asCommand = (text: string) => {
  const { name, ...rest } = read(text);
  return name === null ? null : `${name} ${textOf(rest)}`.trim();
};

describe('understand', () => {
  it.each([
    ['status', 'status'],
    ['Retrain SPAM —epochs=3', 'retrain spam epochs=3'],
    ['retrain --epochs 5 spam', 'retrain spam epochs=5'],
    ['audit spam --all', 'audit spam all=true'],
    ['audit --all spam', 'audit spam all=true'],
    ['retrain the spam filter model', 'retrain spam'],
    ['deploy v2 of spam to production', 'promote spam v2 production'],
    ['roll back spam to v1', 'rollback spam v1'],
    ['ROLL BACK Spam Filter, please!', 'rollback spam'],
    ['can you please revert spam to v1?', 'rollback spam v1'],
    ['undo spam', 'rollback spam'],
    ['spam rollback', 'rollback spam'],
    ['spam', 'status spam'],
    ['Tumour Classifier?', 'status tumour'],
    ['show me the runs', 'runs'],
    ['list versions of spam', 'versions spam'],
    ['show spam', 'status spam'],
    ['diff spam v1..v2', 'diff spam v1 v2'],
    ['diff spam v1...2', 'diff spam v1 2'],
    ['diff spam v1→v2', 'diff spam v1 v2'],
    ['compare spam 1 with 2', 'diff spam 1 2'],
    ['silence spam for 30 minutes', 'mute spam 30 minutes'],
    [': status', 'status'],
    [', status', 'status'],
    ['hey @mlops status', 'status'],
    ['hello, status please', 'status'],
    ['what is live?', 'status'],
    ['which version of spam is in production?', 'status spam'],
    ['is anything waiting for me?', 'approvals'],
    ['what changed in spam?', 'diff spam'],
    ['how much did spam cost?', 'costs spam'],
    ['are there alerts for tumour?', 'alerts tumour'],
    ['what can you do', 'help'],
    ['why was the spam filter blocked?', 'why was the spam blocked'],
    ['who am i', 'whoami'],
    [
      'reject spam please do not, the data is wrong',
      'reject spam please do not, the data is wrong',
    ],
    ['approve spam v2', 'approve spam v2'],
    ['gate replay Spam Filter margin=0.01', 'gate replay spam margin=0.01'],
  ])('reads “%s” as “%s”', (typed, command) => {
    expect(asCommand(typed)).toBe(command);
  });

  it.each([
    'make me a sandwich',
    'hi',
    'retrian spam',
    'do not stop spam',
    "don't roll back spam",
    '',
  ])('takes “%s” for no command', (typed) => {
    expect(read(typed).name).toBeNull();
  });

  it.each(['revert', 'undo', 'restore', 'go back', 'put back'])(
    'reads “%s” as rollback',
    (word) => {
      expect(read(`${word} spam`).name).toBe('rollback');
    },
  );
});

describe('the text of a command', () => {
  it.each([
    'retrain spam reason="two words" epochs=3',
    'status "a=b"',
    'mute spam "" reason=`say "hi" twice`',
    'reject spam it’s “wrong”',
  ])('is read again as it was: %s', (typed) => {
    const read = tokenize(typed);

    expect(tokenize(textOf(read) ?? 'lost')).toEqual(read);
  });
});
