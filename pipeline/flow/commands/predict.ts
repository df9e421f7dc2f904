import { z } from 'zod';
import type { ModelInput, Prediction } from '../../core/corrections.ts';
import { MlopsError } from '../../core/errors.ts';
import { modelConfig } from '../../core/model-config.ts';
import { endpointName, versionOfConfig } from '../../core/names.ts';
import type { FlowDeps } from '../flow-deps.ts';

/** The contract of recipes: one answer per input, best label first; older versions lack `scores`. */
const answerSchema = z
  .array(
    z.object({
      label: z.string(),
      score: z.number(),
      scores: z.record(z.string(), z.number()).optional(),
    }),
  )
  .min(1);

/**
 * Asks the endpoint of a model as an application would.
 * @throws {MlopsError} `MODEL_UNKNOWN`; `CONFLICT` while nothing serves; `VERIFICATION_FAILED` with
 * the endpoint's own words.
 */
export async function predict(
  { config, endpoints }: Pick<FlowDeps, 'config' | 'endpoints'>,
  { model, input }: { readonly model: string; readonly input: ModelInput },
): Promise<Prediction> {
  modelConfig(config, model);
  const name = endpointName(model);
  const endpoint = await endpoints.describe(name);
  if (endpoint === null) {
    throw new MlopsError('CONFLICT', `${model} has nothing in production, so nothing answers.`, {
      hint: `/mlops retrain ${model} trains a version.`,
    });
  }
  const body = JSON.stringify({ inputs: input, scores: 'all' });
  const [answer] = readAnswer(await endpoints.invoke(name, body, 'application/json'));
  return {
    model,
    version: endpoint.configName === null ? null : versionOfConfig(endpoint.configName),
    ...answer,
  };
}

function readAnswer(text: string): readonly [Omit<Prediction, 'model' | 'version'>] {
  const read = answerSchema.safeParse(parsed(text));
  const first = read.success ? read.data[0] : undefined;
  if (first === undefined) {
    throw new MlopsError('VERIFICATION_FAILED', 'The endpoint answered in an unknown form.');
  }
  const { label, score } = first;
  const scores = Object.entries(first.scores ?? { [label]: score })
    .map(([name, value]) => ({ label: name, score: value }))
    .sort((a, b) => b.score - a.score);
  return [{ label, score, scores }];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
