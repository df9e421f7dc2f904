import { z } from 'zod';

const slackId = z.string().regex(/^[USW][A-Z0-9]{2,}$/, 'a Slack id such as U0123ABCD');

const peopleApprovalSchema = z.strictObject({
  mode: z.literal('people'),
  /** Slack member ids (`U…`) or user-group ids (`S…`) that may approve or reject. */
  approvers: z.array(slackId).min(1),
  /**
   * Whom the request and its reminder mention (default: the approvers). They need not be approvers,
   * and an approver who is not listed may still decide; `[]` mentions no one.
   */
  notify: z.array(slackId).optional(),
  /** How many of them must approve. */
  quorum: z.int().positive().default(1),
  /** How many must approve when the verdict is "inconclusive". */
  quorumWhenInconclusive: z.int().positive().optional(),
  /** Whether the person who requested the run may approve it. */
  selfApproval: z.boolean().default(false),
  remindAfterHours: z.number().positive().default(4),
  /** At most a year, which is how long a durable execution can wait. */
  expireAfterHours: z.number().positive().max(8_760).default(48),
});

export const approvalSchema = z.discriminatedUnion('mode', [
  z.strictObject({
    /** Deploys a "pass" by itself; anything else is not deployed. */
    mode: z.literal('auto'),
  }),
  peopleApprovalSchema,
]);

export type ApprovalPolicy = z.output<typeof approvalSchema>;
