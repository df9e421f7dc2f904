import { describe, expect, it } from 'vitest';
import { createConsoleLog } from '../../bot/adapters/local/console-log.ts';
import { quietLogger } from '../../bot/web-api/quiet-logger.ts';
import { toErrorLog } from '../../pipeline/local/log.ts';

const token = 'xoxb-12-34-abcDEF';

describe('what is logged', () => {
  it('names no secret of an error, its causes and its fields', () => {
    const lines: string[] = [];
    const cause = Object.assign(new Error('refused'), {
      headers: { Authorization: `Bearer ${token}` },
    });
    const error = new Error(`POST https://hooks.slack.com/services/T0/B0/xyz with ${token}`, {
      cause,
    });

    createConsoleLog((line) => lines.push(line))({
      message: `No ${token} here`,
      about: 'spam',
      error,
    });

    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(
      'spam: No •••• here Error: POST https://hooks.slack.com/services/••••',
    );
    expect(lines[0]).not.toContain(token);
    expect(lines[0]).toContain('refused');
  });

  it('names no secret that Slack’s packages complain about', () => {
    const lines: string[] = [];

    quietLogger((line) => lines.push(line)).warn('failed with token', token);

    expect(lines).toEqual(['Slack: failed with token ••••']);
  });
});

describe('the errors of durable steps', () => {
  it('are written with run, step and stack, without secrets', () => {
    const lines: string[] = [];
    const logError = toErrorLog(createConsoleLog((line) => void lines.push(line)));

    logError({
      message: 'A step failed.',
      runId: 'spam-abcdefgh',
      step: 'prepare dataset',
      error: new Error('Refused: password=hunter2'),
    });

    const [line = ''] = lines;
    expect(line).toContain('spam-abcdefgh, prepare dataset: A step failed. Error: Refused:');
    expect(line).toContain('console-log.test.ts');
    expect(line).not.toContain('hunter2');
  });
});
