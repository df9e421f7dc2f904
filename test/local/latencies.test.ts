import { describe, expect, it } from 'vitest';
import { createLatencies } from '../../pipeline/local/endpoint-host/latencies.ts';

function latenciesAfter(...milliseconds: readonly number[]) {
  const latencies = createLatencies();
  for (const each of milliseconds) latencies.add('spam', 'spam-v1-a', each);
  return latencies;
}

const upTo = (most: number) => Array.from({ length: most }, (_, i) => i + 1);

describe('createLatencies', () => {
  it.each([
    [[7], 7],
    [upTo(20), 19],
    [upTo(100).reverse(), 95],
  ])('the 95th percentile is the nearest rank', (milliseconds, p95) => {
    expect(latenciesAfter(...milliseconds).p95('spam', 'spam-v1-a')).toBe(p95);
  });

  it('forgets what is older than the newest 256', () => {
    const slowThenFast = [...Array(300).fill(900), ...Array(256).fill(5)];

    expect(latenciesAfter(...slowThenFast).p95('spam', 'spam-v1-a')).toBe(5);
  });

  it('begins anew with another configuration', () => {
    const latencies = latenciesAfter(900, 900);
    latencies.add('spam', 'spam-v2-b', 5);

    expect(latencies.p95('spam', 'spam-v2-b')).toBe(5);
    expect(latencies.p95('spam', 'spam-v1-a')).toBeNull();
    expect(latencies.p95('other', null)).toBeNull();
  });
});
