import { z } from 'zod';
import { type PrepareReport, rowProfileSchema } from '../python-contract.ts';

export const dataProfileSchema = rowProfileSchema.extend({
  rows: z.int().nonnegative(),
  labels: z.record(z.string(), z.int().nonnegative()),
  columns: z.array(z.string()),
});

/** What the data of a run looked like; kept beside the run, because a record has no room for it. */
export type DataProfile = z.output<typeof dataProfileSchema>;

/** The profile in a report; null when it has none. */
export function profileOf({ profile, rows, labels, columns }: PrepareReport): DataProfile | null {
  return profile === undefined ? null : { ...profile, rows: rows.kept, labels, columns };
}
