import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskSecrets } from '../../pipeline/core/mask-secrets.ts';

describe('maskSecrets', () => {
  it.each([
    ['key AKIAIOSFODNN7EXAMPLE found', 'key •••• found'],
    ['AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG', 'AWS_SECRET_ACCESS_KEY=••••'],
    ['using xoxb-12-34-abcDEF now', 'using •••• now'],
    ['xapp-1-A1-2-ff', '••••'],
    ['Authorization: Bearer abcdef.123-456', 'Authorization: Bearer ••••'],
    ['password=hunter2, next', 'password=••••, next'],
    ['password = "two words"', 'password = ••••'],
    ['{"db_password": "hunter2", "rows": 3}', '{"db_password": ••••, "rows": 3}'],
    ['HF_TOKEN: hf_abcdefghijkl', 'HF_TOKEN: ••••'],
    ['api-key=1234', 'api-key=••••'],
    ['postgres://ada:hunter2@db:5432/x', 'postgres://ada:••••@db:5432/x'],
    ['https://hooks.slack.com/services/T0/B0/xyz', 'https://hooks.slack.com/services/••••'],
    ['…&X-Amz-Signature=abcdef&X-Amz-Date=1', '…&X-Amz-Signature=••••&X-Amz-Date=1'],
    ['eyJhbGciOiJIUzI1.eyJzdWIiOiIx.c2ln', '••••'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nok', '••••\nok'],
  ])('hides the secret in %j', (text, expected) => {
    expect(maskSecrets(text)).toBe(expected);
  });

  it.each([
    '{"event":"progress","step":10,"total":20,"loss":0.5}',
    'tokens: 512, tokenizer: distilbert, max_length=96',
    'Bearer of bad news',
    'the secretary said: hello',
    'epoch 3: accuracy = 0.94',
    'file:///opt/ml/model saved at 12:30',
  ])('leaves %j as it is', (text) => {
    expect(maskSecrets(text)).toBe(text);
  });

  it('takes any text, quickly', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(typeof maskSecrets(text)).toBe('string');
      }),
    );
    const started = performance.now();
    maskSecrets('a-'.repeat(50_000));
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
