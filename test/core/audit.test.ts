import { describe, expect, it } from 'vitest';
import { auditText, modelNamedBy } from '../../pipeline/core/audit.ts';

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
