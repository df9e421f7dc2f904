import { z } from 'zod';

/** A command, split into words by the shell. */
const commandSchema = z.strictObject({
  kind: z.literal('command'),
  words: z.array(z.string().max(2_000)).max(100).readonly(),
  /** Slack id to act as; null: the default caller of the source (`callers.ts`). */
  as: z
    .string()
    .regex(/^[UW][A-Z0-9]{2,}$/)
    .nullable()
    .default(null),
  /** `--yes`, which stands for the confirming button in Slack. */
  isConfirmed: z.boolean().default(false),
  /** The same for every delivery of one request, so that a repeat changes nothing. */
  requestId: z.string().regex(/^[\w:.+-]{4,100}$/),
});

const questionSchema = z.discriminatedUnion('kind', [
  commandSchema,
  z.strictObject({ kind: z.literal('run'), id: z.string().max(100) }),
]);

/** A question of the command line, as JSON; the same for every transport. */
export type CliQuestion = z.output<typeof questionSchema>;
/** The same as senders write it: fields with defaults may be left out. */
export type SentQuestion = z.input<typeof questionSchema>;
export type CliRequest = Omit<z.output<typeof commandSchema>, 'kind'>;

/** The question, or null when the value does not match the schema. */
export function readCliQuestion(value: unknown): CliQuestion | null {
  return questionSchema.safeParse(value).data ?? null;
}
