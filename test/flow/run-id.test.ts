import { describe, expect, it } from 'vitest';
import { jobName, modelOfRun } from '../../pipeline/core/names.ts';
import { runId } from '../../pipeline/flow/run-id.ts';

describe('runId', () => {
  it('is the model and eight characters of base 32', () => {
    expect(runId('spam', 'request-1')).toMatch(/^spam-[a-z2-7]{8}$/);
  });

  it('is the same for the same request and another for any other', () => {
    const ids = ['request-1', 'request-2', 'request-1'].map((request) => runId('spam', request));

    expect(ids[0]).toBe(ids[2]);
    expect(ids[0]).not.toBe(ids[1]);
    expect(runId('other', 'request-1').slice(-8)).not.toBe(ids[0]?.slice(-8));
  });

  it.each(['spam', 'spam-mails', 'm2'])('names its model, %s', (model) => {
    expect(modelOfRun(runId(model, 'request-1'))).toBe(model);
  });

  it('uses every bit: a thousand requests share no id', () => {
    const ids = Array.from({ length: 1000 }, (_, index) => runId('m', `request-${index}`));

    expect(new Set(ids).size).toBe(1000);
    expect(new Set(ids.join('').replaceAll('m-', '')).size).toBe(32);
  });

  it('leaves room for the job names of the longest model name', () => {
    expect(jobName(runId('m'.repeat(20), 'r'), 'evaluate', 999).length).toBeLessThanOrEqual(63);
  });
});
