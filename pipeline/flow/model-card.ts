import type { ModelConfig } from '../core/config.ts';
import { MlopsError } from '../core/errors.ts';
import { gatherEvidence } from '../core/evidence/evidence.ts';
import { type CardFacts, type ModelCard, modelCardSchema } from '../core/model-card/model-card.ts';
import { toMarkdown } from '../core/model-card/to-markdown.ts';
import { toModelCard } from '../core/model-card/to-model-card.ts';
import { keys } from '../core/names.ts';
import type { RegisteredVersion } from '../core/ports.ts';
import { parseContract } from '../core/python-contract.ts';
import type { Run, RunId } from '../core/run.ts';
import type { FlowDeps } from './flow-deps.ts';
import { evaluatedCase } from './gate-case.ts';
import { inTurns } from './in-turns.ts';

type Deps = Pick<FlowDeps, 'artifacts' | 'registry' | 'runs'>;

/** The card of a version, from what its run left: the same bytes however often it is made. */
export async function makeModelCard(
  deps: Deps,
  {
    run,
    version,
    config,
  }: {
    readonly run: Run;
    readonly version: RegisteredVersion;
    readonly config: ModelConfig;
  },
): Promise<ModelCard> {
  return toModelCard({ run, version, config, ...(await evidenceOf(deps, run, config)) });
}

/** Nothing of it where the answers are no longer stored: the card then says so. */
async function evidenceOf(
  deps: Deps,
  run: Run,
  config: ModelConfig,
): Promise<Pick<CardFacts, 'alone' | 'compared'>> {
  try {
    const { predictions, seen } = await evaluatedCase(deps, run, config.gate);
    const alone = await inTurns(gatherEvidence({ ...predictions, production: null }));
    if (predictions.production === null) return { alone, compared: null };
    return {
      alone,
      compared: await inTurns(
        gatherEvidence(predictions, { seen: seen?.production, policy: config.gate }),
      ),
    };
  } catch (error) {
    if (error instanceof MlopsError && error.code === 'CONTRACT_BROKEN') {
      return { alone: null, compared: null };
    }
    throw error;
  }
}

/** Writes it beside the model, for people and for programs. */
export async function keepModelCard(
  { artifacts }: Pick<Deps, 'artifacts'>,
  runId: RunId,
  card: ModelCard,
): Promise<void> {
  await artifacts.put(keys.modelCard(runId, 'json'), `${JSON.stringify(card, null, 2)}\n`);
  await artifacts.put(keys.modelCard(runId, 'md'), toMarkdown(card));
}

/** The card that was written when the version was registered; null for versions from before. */
export async function keptModelCard(
  { artifacts }: Pick<Deps, 'artifacts'>,
  runId: RunId,
): Promise<ModelCard | null> {
  const file = await artifacts.get(keys.modelCard(runId, 'json'));
  if (file === null) return null;
  return parseContract(modelCardSchema, 'model-card.json', new TextDecoder().decode(file));
}
