import { z } from 'zod';
import type { ModelConfig } from '../config.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { RegisteredVersion } from '../ports.ts';
import type { Run } from '../run.ts';

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
