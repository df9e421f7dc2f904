import { describe, expect, it } from 'vitest';
import { auditText, decisionEntry, modelNamedBy } from '../../pipeline/core/audit.ts';
import type { Decision } from '../../pipeline/core/run.ts';
import { aRun } from '../fakes/samples.ts';

describe('auditText', () => {
  it.each([
    ['spam epochs=3 reason="more rows"', 'spam epochs=3 reason="more rows"'],
    ['spam\n\n  two   lines', 'spam two lines'],
    ['token is xoxb-12-34-abcDEF', 'token is ••••'],
    ['AKIAABCDEFGHIJKLMNOP', '••••'],
    ['db_password=hunter2 ok', 'db_password=•••• ok'],
    ['api_key: "a b c" ok', 'api_key: •••• ok'],
    [`ghp_${'a'.repeat(36)}`, '••••'],
  ])('%j is kept as %j', (typed, kept) => {
    expect(auditText(typed)).toBe(kept);
  });

  it('keeps at most 300 characters and halves none', () => {
    expect(auditText('👩🏽‍🔬'.repeat(200)).length).toBeLessThanOrEqual(300);
    expect(auditText('😀'.repeat(400))).toMatch(/^(😀)+…$/u);
  });
});

describe('modelNamedBy', () => {
  it.each([
    ['spam', 'spam'],
    ['SPAM', 'spam'],
    ['spam-abcdefgh', 'spam'],
    ['spam-eu-abcdefgh', 'spam-eu'],
    ['spammer', null],
    ['', null],
  ])('%j names %j', (word, model) => {
    expect(modelNamedBy(word, ['spam', 'spam-eu'])).toBe(model);
  });
});

describe('decisionEntry', () => {
  const decision: Decision = {
    by: { kind: 'person', id: 'U0GRACE', name: 'Grace' },
    outcome: 'rejected',
    reason: 'password=hunter2',
    at: '2026-11-20T09:40:00.000Z',
  };

  it('says who decided what, where and when, without secrets', () => {
    expect(decisionEntry(aRun({ id: 'spam-1' }), { ...decision, from: 'ci' })).toEqual({
      id: 'decision:spam-1:U0GRACE',
      at: decision.at,
      by: decision.by,
      from: 'ci',
      action: 'reject',
      model: 'spam',
      what: 'spam-1 password=••••',
      outcome: { kind: 'ok' },
    });
  });

  it('leaves decisions alone whose entry an earlier version wrote', () => {
    expect(decisionEntry(aRun(), decision)).toBeNull();
  });
});
