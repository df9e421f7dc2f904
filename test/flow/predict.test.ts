import { describe, expect, it } from 'vitest';
import { sampleConfig } from '../../bot/gallery/sample-fleet.ts';
import type { EndpointDescription } from '../../pipeline/core/ports.ts';
import { predict } from '../../pipeline/flow/commands/predict.ts';
import { anEndpoint } from '../bot/fake-pipeline.ts';

function asking(
  answer: string,
  endpoint: EndpointDescription | null = anEndpoint('spam-v7-a1b2c3d4'),
) {
  const bodies: string[] = [];
  const endpoints = {
    describe: async () => endpoint,
    invoke: async (_name: string, body: string) => {
      bodies.push(body);
      return answer;
    },
  };
  const deps = { config: sampleConfig, endpoints } as unknown as Parameters<typeof predict>[0];
  return { bodies, ask: () => predict(deps, { model: 'spam', input: 'hello' }) };
}

describe('predict', () => {
  it('asks for all scores and orders them, with the version that answered', async () => {
    const { ask, bodies } = asking('[{"label":"ham","score":0.7,"scores":{"spam":0.3,"ham":0.7}}]');

    expect(await ask()).toEqual({
      model: 'spam',
      version: 7,
      label: 'ham',
      score: 0.7,
      scores: [
        { label: 'ham', score: 0.7 },
        { label: 'spam', score: 0.3 },
      ],
    });
    expect(bodies.map((body) => JSON.parse(body))).toEqual([{ inputs: 'hello', scores: 'all' }]);
  });

  it('takes the best class alone from a version that says no more', async () => {
    expect((await asking('[{"label":"ham","score":0.7}]').ask()).scores).toEqual([
      { label: 'ham', score: 0.7 },
    ]);
  });

  it.each(['[]', '{}', 'ham'])('refuses %s as an answer', async (answer) => {
    await expect(asking(answer).ask()).rejects.toMatchObject({ code: 'VERIFICATION_FAILED' });
  });

  it('says so when nothing serves', async () => {
    await expect(asking('[]', null).ask()).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});
