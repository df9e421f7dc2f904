import { z } from 'zod';
import type { ModelConfig } from '../config.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { RegisteredVersion } from '../ports.ts';
import type { Run } from '../run.ts';
import { comparisonSections, evaluationSections } from './evaluation-sections.ts';
import { toSection } from './facts.ts';
import { limitationsOf } from './limitations.ts';
import { dataSection, lineageSection, trainingSection } from './origin-sections.ts';

/** A chapter of a model card: sentences, then tables whose first row names the columns. */
const sectionSchema = z.object({
  title: z.string(),
  /** 2: a chapter, 3: a part of one. */
  level: z.union([z.literal(2), z.literal(3)]),
  lines: z.array(z.string()),
  tables: z.array(z.array(z.array(z.string()))),
});
export type CardSection = Readonly<z.output<typeof sectionSchema>>;

export const modelCardSchema = z.object({
  schemaVersion: z.literal(1),
  model: z.string(),
  version: z.int().positive(),
  title: z.string(),
  sections: z.array(sectionSchema),
});
/**
 * What to know about a version, in the chapters of Mitchell et al. 2019, "Model Cards for Model
 * Reporting". Kept as text and tables, so that a card reads the same after every upgrade.
 */
export type ModelCard = z.output<typeof modelCardSchema>;

/** What a card is made of. All of it is stored, so that the same version always has the same card. */
export interface CardFacts {
  readonly run: Run;
  readonly version: Pick<RegisteredVersion, 'version' | 'createdAt' | 'artifact' | 'digest'>;
  readonly config: Pick<ModelConfig, 'title' | 'description' | 'task'>;
  /** On all held-out rows; null where the answers are not stored. */
  readonly alone: Evidence | null;
  /** On the rows that production was not trained on; null without production. */
  readonly compared: Evidence | null;
}

export function toModelCard(facts: CardFacts): ModelCard {
  const { run, version, config } = facts;
  return {
    schemaVersion: 1,
    model: run.model,
    version: version.version,
    title: `${config.title} v${version.version}`,
    sections: [
      toSection('Model details', [
        ['Model', `${run.model} v${version.version}`],
        ['Task', config.task],
        ['Recipe', run.recipe],
        ['Registered', version.createdAt],
        ['Archive', version.artifact.key],
        ['SHA-256 of the archive', version.artifact.sha256],
        ['Digest that approvals are bound to', version.digest],
      ]),
      toSection('Intended use', [], [config.description ?? config.title]),
      dataSection(run),
      trainingSection(run),
      ...evaluationSections(facts),
      ...comparisonSections(facts),
      toSection('Limitations', [], limitationsOf(facts)),
      lineageSection(run),
    ],
  };
}
