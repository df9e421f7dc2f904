import { z } from 'zod';
import { MlopsError } from '../core/errors.ts';

const json = <T>(schema: z.ZodType<T>) =>
  z.string().transform((text, context): T => {
    try {
      const parsed = schema.safeParse(JSON.parse(text));
      if (parsed.success) return parsed.data;
      context.addIssue({ code: 'custom', message: z.prettifyError(parsed.error) });
    } catch {
      context.addIssue({ code: 'custom', message: 'not valid JSON' });
    }
    return z.NEVER;
  });

const prefix = z.string().regex(/^[^/].*\/$/, 'a prefix that ends in “/”');
const images = json(z.record(z.string(), z.string().min(1)));

/** The environment of every function that composes the pipeline, as the stack sets it. */
const settingsSchema = z
  .object({
    AWS_REGION: z.string().min(1),
    /** Bucket of datasets, runs, models and code. */
    MLOPS_BUCKET: z.string().min(1),
    MLOPS_TABLE: z.string().min(1),
    MLOPS_EVENT_BUS: z.string().min(1),
    /** ARN of the durable function with its alias. */
    MLOPS_PIPELINE_FUNCTION: z
      .string()
      .regex(/^arn:[^:]+:lambda:.+:function:[^:]+:[^:]+$/, 'an ARN with a qualifier'),
    /** Name or ARN of the function of `training/prepare_lambda.py`. */
    MLOPS_PREPARE_FUNCTION: z.string().min(1),
    MLOPS_JOB_ROLE: z.string().startsWith('arn:'),
    MLOPS_ENDPOINT_ROLE: z.string().startsWith('arn:'),
    /** `code/<hash>/`, where the folder `training` lies. */
    MLOPS_CODE_PREFIX: prefix,
    /** JSON: recipe → image URI. */
    MLOPS_TRAINING_IMAGES: images,
    /** JSON: recipe → image URI; evaluation and the endpoints use the same. */
    MLOPS_INFERENCE_IMAGES: images,
    /** Longest duration of an execution of the durable function. */
    MLOPS_LONGEST_RUN_DAYS: z.coerce.number().positive().default(30),
    /** Of the logs of endpoints. */
    MLOPS_LOG_RETENTION_DAYS: z.coerce.number().int().positive().default(90),
    /** JSON: tags of everything the functions create, e.g. the stage. */
    MLOPS_TAGS: json(z.record(z.string(), z.string())).default({}),
  })
  .transform((env) => ({
    region: env.AWS_REGION,
    bucket: env.MLOPS_BUCKET,
    tableName: env.MLOPS_TABLE,
    busName: env.MLOPS_EVENT_BUS,
    pipelineFunction: env.MLOPS_PIPELINE_FUNCTION,
    prepareFunction: env.MLOPS_PREPARE_FUNCTION,
    jobRoleArn: env.MLOPS_JOB_ROLE,
    endpointRoleArn: env.MLOPS_ENDPOINT_ROLE,
    codePrefix: env.MLOPS_CODE_PREFIX,
    trainingImages: env.MLOPS_TRAINING_IMAGES,
    inferenceImages: env.MLOPS_INFERENCE_IMAGES,
    longestRunSeconds: env.MLOPS_LONGEST_RUN_DAYS * 86_400,
    logRetentionDays: env.MLOPS_LOG_RETENTION_DAYS,
    tags: env.MLOPS_TAGS,
  }));

export type AwsSettings = z.output<typeof settingsSchema>;

/**
 * Reads the settings of the pipeline from an environment.
 * @throws {MlopsError} `CONFIG_INVALID` naming every variable that is missing or wrong.
 */
export function parseAwsSettings(
  environment: Readonly<Record<string, string | undefined>>,
): AwsSettings {
  const parsed = settingsSchema.safeParse(environment);
  if (parsed.success) return parsed.data;
  throw new MlopsError(
    'CONFIG_INVALID',
    `The environment of the function is not complete:\n${z.prettifyError(parsed.error)}`,
    { hint: 'The stack sets these variables: deploy it again.' },
  );
}

/**
 * The image of a recipe.
 * @throws {MlopsError} `CONFIG_INVALID` naming the recipe that has none.
 */
export function imageOf(
  images: Readonly<Record<string, string>>,
  recipe: string,
  purpose: string,
): string {
  const image = Object.hasOwn(images, recipe) ? images[recipe] : undefined;
  if (image !== undefined) return image;
  throw new MlopsError('CONFIG_INVALID', `The recipe “${recipe}” has no image for ${purpose}.`, {
    hint: 'Name one in the settings of the stage and deploy the stack again.',
  });
}
