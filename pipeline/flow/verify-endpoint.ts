import { z } from 'zod';
import { MlopsError } from '../core/errors.ts';
import { parseContract, type SmokeTest, smokeSchema } from '../core/python-contract.ts';
import type { FlowDeps } from './flow-deps.ts';

/** Largest score difference that hardware and batching can explain. */
const scoreTolerance = 0.01;

const answerSchema = z.array(z.object({ label: z.string(), score: z.number() }));

/**
 * Sends the recorded requests to the live endpoint and compares its answers with those of the
 * evaluation. Returns how many rows it repeated, and the shortest of the requests.
 *
 * @throws {MlopsError} `VERIFICATION_FAILED` naming the first row that differs.
 */
export async function verifyEndpoint(
  { artifacts, endpoints }: Pick<FlowDeps, 'artifacts' | 'endpoints'>,
  endpointName: string,
  smokeKey: string,
): Promise<{ rows: number; shortest: SmokeTest['requests'][number] }> {
  const file = await artifacts.get(smokeKey);
  if (file === null) {
    throw new MlopsError(
      'VERIFICATION_FAILED',
      'The recorded requests of this version no longer exist.',
    );
  }
  const smoke = parseContract(smokeSchema, 'smoke.json', new TextDecoder().decode(file));
  let rows = 0;
  for (const request of smoke.requests) {
    const body = await endpoints.invoke(endpointName, request.body, request.contentType);
    const answer = parseContract(answerSchema, 'The answer of the endpoint', body);
    compare(request.expected, answer, rows);
    rows += request.expected.length;
  }
  const [shortest] = [...smoke.requests].sort((a, b) => a.body.length - b.body.length);
  if (shortest === undefined) {
    throw new MlopsError('VERIFICATION_FAILED', 'No requests were recorded for this version.');
  }
  return { rows, shortest };
}

type Answer = SmokeTest['requests'][number]['expected'];

function compare(expected: Answer, answer: Answer, rowsBefore: number): void {
  for (const [i, wanted] of expected.entries()) {
    const got = answer[i];
    if (got?.label === wanted.label && Math.abs(got.score - wanted.score) <= scoreTolerance)
      continue;
    const answered = got === undefined ? 'nothing' : `${got.label} (${got.score.toFixed(3)})`;
    throw new MlopsError(
      'VERIFICATION_FAILED',
      `Recorded row ${rowsBefore + i + 1}: the endpoint answered ${answered}, the evaluation expected ${wanted.label} (${wanted.score.toFixed(3)}).`,
    );
  }
}
