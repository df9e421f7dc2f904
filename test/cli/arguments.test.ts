import { describe, expect, it } from 'vitest';
import { readArguments } from '../../bot/cli/arguments.ts';

const nothing = {
  words: [],
  json: false,
  wait: false,
  yes: false,
  help: false,
  as: null,
  data: null,
  stage: null,
};

describe('readArguments', () => {
  it.each([
    [[], nothing],
    [['status', '--json'], { ...nothing, words: ['status'], json: true }],
    [
      ['retrain', 'spam', '--epochs=3', 'reason=two words', '--wait'],
      { ...nothing, words: ['retrain', 'spam', '--epochs=3', 'reason=two words'], wait: true },
    ],
    [['--as', 'U0ADA', 'whoami'], { ...nothing, words: ['whoami'], as: 'U0ADA' }],
    [['whoami', '--as=U0ADA'], { ...nothing, words: ['whoami'], as: 'U0ADA' }],
    [
      ['--data', '../x', 'rollback', 'spam', '--yes'],
      { ...nothing, words: ['rollback', 'spam'], yes: true, data: '../x' },
    ],
    [['--stage', 'production', 'costs'], { ...nothing, words: ['costs'], stage: 'production' }],
    [['-h'], { ...nothing, help: true }],
  ])('takes %j apart', (args, expected) => {
    expect(readArguments(args)).toEqual(expected);
  });

  it.each([
    [['status', '--jsn'], 'Did you mean --json?'],
    [['retrain', 'spam', '--reason', 'x'], 'command options are written key=value'],
    [['status', '--as'], '--as needs a value.'],
    [['status', '--stage', 'production', '--data', 'x'], '--stage a deployment on AWS'],
    [
      ['status', '--stage', 'production', '--as', 'U0ADA'],
      '--as works only with the app on this machine',
    ],
    [['status', '--as', 'ada'], 'such as U0ADA, not “ada”'],
    [['status', '--wait'], '--wait works with retrain, promote, rollback, retry, approve.'],
  ])('refuses %j', (args, expected) => {
    expect(readArguments(args)).toContain(expected);
  });
});
