import { z } from 'zod';

/** A hyperparameter as `recipe.json` declares it; the default has the declared type. */
export interface HyperparameterSpec {
  readonly type: 'number' | 'integer' | 'string' | 'boolean';
  readonly default: string | number | boolean;
  /** In place of the default for a run that starts from a pretrained model. */
  readonly defaultWithBaseModel?: string | number | boolean | undefined;
  readonly description: string;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly enum?: readonly (string | number)[] | undefined;
}
const description = z.string().min(1);
const hyperparameterSchema: z.ZodType<HyperparameterSpec> = z.discriminatedUnion('type', [
  z.object({
    type: z.enum(['number', 'integer']),
    default: z.number(),
    defaultWithBaseModel: z.number().optional(),
    description,
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    enum: z.array(z.number()).min(1).optional(),
  }),
  z.object({
    type: z.literal('string'),
    default: z.string(),
    defaultWithBaseModel: z.string().optional(),
    description,
    enum: z.array(z.string()).min(1).optional(),
  }),
  z.object({
    type: z.literal('boolean'),
    default: z.boolean(),
    defaultWithBaseModel: z.boolean().optional(),
    description,
  }),
]);

export const recipeSchema = z.object({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/),
  title: z.string().min(1).max(75),
  description,
  task: z.enum(['text-classification', 'tabular-classification']),
  /** Whether its jobs resume from checkpoints; without, an interruption starts a job over. */
  checkpoints: z.boolean(),
  invocation: z.object({
    contentType: z.literal('application/json'),
    example: z
      .record(z.string(), z.unknown())
      .refine((example) => 'inputs' in example, 'an object with "inputs"'),
  }),
  hyperparameters: z.record(z.string().regex(/^[a-z][a-z0-9_]*$/), hyperparameterSchema),
});
export type Recipe = z.output<typeof recipeSchema>;
