import type { ModalView } from '@slack/web-api';
import type { Prediction } from '../../../pipeline/core/corrections.ts';
import { modelConfig } from '../../../pipeline/core/model-config.ts';
import type { ModelStatus } from '../../../pipeline/core/pipeline.ts';
import type { Run } from '../../../pipeline/core/run.ts';
import { refused } from '../../blocks/answer.ts';
import type { CommandTools, Reply } from '../../interaction/command.ts';
import { tryModal } from './try-modals.ts';

type Tools = Pick<CommandTools, 'config' | 'pipeline'>;

/** Whether a model is asked with a text, and not with features. */
export function takesText({ config }: Pick<Tools, 'config'>, model: string): boolean {
  return modelConfig(config, model).task === 'text-classification';
}

/** The form that asks a model, or why it cannot be asked. */
export async function openTry(
  tools: Tools,
  model: string,
): Promise<{ readonly view: ModalView } | { readonly refusal: Reply }> {
  const status = await tools.pipeline.modelStatus(model);
  const { production, config } = status;
  if (production === null) return { refusal: nothingServes(model) };
  const isText = takesText(tools, model);
  const example = isText ? null : exampleOf(await liveRun(tools, status));
  const { version } = production.version;
  return { view: tryModal({ name: model, title: config.title, version, example }) };
}

function nothingServes(model: string): Reply {
  return refused(
    `${model} has nothing in production yet, so nothing answers requests.`,
    `/mlops retrain ${model} trains a first version.`,
  );
}

async function liveRun({ pipeline }: Tools, { production }: ModelStatus): Promise<Run | null> {
  return production === null ? null : pipeline.getRun(production.runId);
}

/** Features that the live version can answer. */
function exampleOf(run: Run | null): string {
  try {
    const { inputs } = JSON.parse(run?.deployment?.example?.body ?? '') as { inputs?: unknown };
    const one = Array.isArray(inputs) ? inputs[0] : inputs;
    return one === undefined ? '{}' : JSON.stringify(one, null, 1);
  } catch {
    return '{}';
  }
}

/** Every class a person may call right: those of the answer, and those of the data of production. */
export async function classesOf(
  { pipeline }: Tools,
  model: string,
  scores: Prediction['scores'] = [],
): Promise<readonly string[]> {
  if (scores.length > 1) return scores.map(({ label }) => label);
  const { production } = await pipeline.modelStatus(model);
  if (production === null) return [];
  const { version, runId } = production;
  // The run that trained it knows the classes; a promotion or a rollback may have put it live.
  const maker = (await pipeline.getRun(version.runId)) ?? (await pipeline.getRun(runId));
  return Object.keys(maker?.prepared?.labels ?? {});
}
