import { z } from 'zod';

const count = z.int().nonnegative();

/** One line a job prints on stdout; anything else it prints is log. */
export const jobEventSchema = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('progress'),
    step: count,
    total: count,
    epoch: z.number().optional(),
    loss: z.number().nullable().optional(),
    samples_per_second: z.number().nullable().optional(),
  }),
  z.object({ event: z.literal('resumed'), step: count }),
  z.object({ event: z.literal('checkpoint'), step: count }),
  z.object({ event: z.literal('interrupted'), step: count }),
]);
export type JobEvent = z.output<typeof jobEventSchema>;

/** A line as an event of the contract; null for anything else a script prints. */
export function parseJobEvent(line: string): JobEvent | null {
  if (!line.startsWith('{')) return null;
  try {
    const parsed = jobEventSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
