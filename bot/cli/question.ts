import { z } from 'zod';

/** A command as the shell has taken it apart. */
const commandSchema = z.strictObject({
  kind: z.literal('command'),
  words: z.array(z.string().max(2_000)).max(100).readonly(),
  /** Slack id to act as; null: the default caller of the source. */
  as: z
    .string()
    .regex(/^[UW][A-Z0-9]{2,}$/)
    .nullable()
    .default(null),
  /** Stands for the button Slack would ask with. */
  isConfirmed: z.boolean().default(false),
  /** Makes a repeated request harmless. */
  requestId: z.string().regex(/^[\w:.+-]{4,100}$/),
});

const questionSchema = z.discriminatedUnion('kind', [
  commandSchema,
  z.strictObject({ kind: z.literal('run'), id: z.string().max(100) }),
]);

/** What is asked of the product in JSON, whichever way it gets there. */
export type CliQuestion = z.output<typeof questionSchema>;
/** The same as it is sent: what has a default may be left out. */
export type SentQuestion = z.input<typeof questionSchema>;
export type CliRequest = Omit<z.output<typeof commandSchema>, 'kind'>;

/** The question, or null when it does not have the agreed form. */
export function readCliQuestion(value: unknown): CliQuestion | null {
  return questionSchema.safeParse(value).data ?? null;
}
