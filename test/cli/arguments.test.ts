import { describe, expect, it } from 'vitest';
import { readArguments } from '../../bot/cli/arguments.ts';

const defaults = {
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
    [[], defaults],
    [['status', '--json'], { ...defaults, words: ['status'], json: true }],
    [
      ['retrain', 'spam', '--epochs=3', 'reason=two words', '--wait'],
      { ...defaults, words: ['retrain', 'spam', '--epochs=3', 'reason=two words'], wait: true },
    ],
    [['--as', 'U0ADA', 'whoami'], { ...defaults, words: ['whoami'], as: 'U0ADA' }],
    [['whoami', '--as=U0ADA'], { ...defaults, words: ['whoami'], as: 'U0ADA' }],
    [
      ['--data', '../x', 'rollback', 'spam', '--yes'],
      { ...defaults, words: ['rollback', 'spam'], yes: true, data: '../x' },
    ],
    [['--stage', 'production', 'costs'], { ...defaults, words: ['costs'], stage: 'production' }],
    [['-h'], { ...defaults, help: true }],
  ])('splits %j into flags and words', (args, expected) => {
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
    [['status', '--wait'], '--wait works with retrain, promote, rollback, retire, retry, approve.'],
  ])('refuses %j', (args, expected) => {
    expect(readArguments(args)).toContain(expected);
  });
});
