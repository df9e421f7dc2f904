import { z } from 'zod';
import type { AnnouncementHint } from '../../../pipeline/aws/lambda/announcement-queue.ts';

/** What a queue message asks to bring up to date; each `subject` is handled once a batch. */
export interface Hint {
  readonly subject: string;
  readonly about: AnnouncementHint;
  readonly redraw: boolean;
}

const redraw = z.boolean().default(false);
/** Before a rename, alerts were incidents; messages of then may be in the queue during an upgrade. */
const incidentSchema = z
  .object({ kind: z.literal('incident'), incidentId: z.string(), redraw })
  .transform(({ incidentId, redraw }) => ({ kind: 'alert' as const, alertId: incidentId, redraw }));
const directSchema: z.ZodType<AnnouncementHint> = z.union([
  incidentSchema,
  z.object({ kind: z.literal('run'), runId: z.string(), redraw }),
  z.object({ kind: z.literal('alert'), alertId: z.string(), redraw }),
  z.object({
    kind: z.literal('file_ignored'),
    key: z.string(),
    fileName: z.string(),
    reason: z.string(),
  }),
  z.object({
    kind: z.literal('retrain_refused'),
    key: z.string(),
    model: z.string(),
    reason: z.string(),
    hint: z.string().nullable(),
  }),
]);
/** A domain event as EventBridge delivers it; only its subject matters. */
const eventSchema = z.object({
  detail: z.union([
    z.object({ runId: z.string() }),
    z.object({ alertId: z.string() }),
    z.object({ incidentId: z.string() }).transform(({ incidentId }) => ({ alertId: incidentId })),
  ]),
});

/** Reads a queue message; null when it is neither a hint nor a domain event. */
export function readHint(body: string): Hint | null {
  const json = parseJson(body);
  const event = eventSchema.safeParse(json);
  if (event.success) {
    const { detail } = event.data;
    return 'runId' in detail
      ? toHint({ kind: 'run', runId: detail.runId, redraw: false })
      : toHint({ kind: 'alert', alertId: detail.alertId, redraw: false });
  }
  const direct = directSchema.safeParse(json);
  return direct.success ? toHint(direct.data) : null;
}

function toHint(about: AnnouncementHint): Hint {
  switch (about.kind) {
    case 'run':
      return { subject: `run ${about.runId}`, about, redraw: about.redraw };
    case 'alert':
      return { subject: `alert ${about.alertId}`, about, redraw: about.redraw };
    case 'file_ignored':
    case 'retrain_refused':
      return { subject: `notice ${about.key}`, about, redraw: false };
  }
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
