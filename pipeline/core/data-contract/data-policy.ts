import { z } from 'zod';

const share = z.number().min(0).max(1);

/**
 * What happens before training: `continue` goes on and says it, `ask` has people approve the version
 * with a reason, `stop` trains only after a person has asked for it. Where approval is automatic there
 * is nobody to ask, so `ask` stops too.
 */
const action = z.enum(['continue', 'ask', 'stop']);

const column = z.string().min(1);

const newFile = z.enum(['replace', 'append']);

/**
 * How the data is split, and how that of a run may differ from the data of the version in production.
 */
export const dataPolicySchema = z.strictObject({
  /**
   * Column of what must not be on both sides of the split, such as a customer: rows with the same
   * value are all trained on or all held out. It is no feature.
   */
  group: column.optional(),
  /** Column with ISO 8601 dates or numbers: the newest rows are held out. It is no feature. */
  time: column.optional(),
  /**
   * What a dropped file does to the data the model has: `replace` trains on that file alone,
   * `append` on it together with the data of the version in production. A drop may say otherwise:
   * `inbox/<model>/append/` and `inbox/<model>/replace/`.
   */
  onNewFile: newFile.default('replace'),
  /**
   * Rows with the same content and different labels: `keep` reports them, `drop` leaves them out,
   * `newest` has an appended file correct the labels of earlier ones, and reports it.
   */
  onConflict: z.enum(['keep', 'drop', 'newest']).default('keep'),
  /** Labels are new, gone or renamed, or more than `maxRelabelled` of the known rows have another. */
  onLabelChange: action.default('ask'),
  /** Feature columns are new or gone; for tabular models. */
  onColumnChange: action.default('ask'),
  /** More than `maxShrink` fewer rows. */
  onShrink: action.default('stop'),
  maxShrink: share.default(0.5),
  maxRelabelled: share.default(0.05),
  /** Change of a label's share of the rows that is mentioned, when chance does not explain it (0–1). */
  maxShareMove: share.default(0.1),
});

export type DataPolicy = z.output<typeof dataPolicySchema>;
export type DataAction = z.output<typeof action>;
export type NewFile = z.output<typeof newFile>;
