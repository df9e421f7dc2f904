import { mayRollBack } from '../../../pipeline/core/access.ts';
import type {
  EvidenceReport,
  EvidenceSubject,
} from '../../../pipeline/core/evidence/evidence-report.ts';
import type { Run } from '../../../pipeline/core/run.ts';
import type { Message } from '../../blocks/message.ts';
import type { Caller, CommandTools } from '../../interaction/command.ts';
import { evidenceMessage, type Withheld } from './evidence-message.ts';

/** Whether there are answers to look at: of the run's own evaluation, or of the version it is about. */
export function hasEvidence({ kind, version, evaluation }: Run): boolean {
  return evaluation !== null || (kind === 'promote' && version !== null);
}

/**
 * The evidence for one reader. Texts and features are shown to people who may decide or act on the
 * model, and only where nobody else reads along.
 */
export async function loadEvidence(
  { config, pipeline }: Pick<CommandTools, 'config' | 'pipeline'>,
  {
    subject,
    model,
    reader,
    isPublic,
  }: {
    readonly subject: EvidenceSubject;
    readonly model: string;
    readonly reader: Pick<Caller, 'memberOf'> & Partial<Pick<Caller, 'actor'>>;
    readonly isPublic: boolean;
  },
): Promise<{ readonly message: Message; readonly report: EvidenceReport }> {
  const mayRead = reader.actor?.kind === 'system' || mayRollBack(config, model, reader.memberOf);
  const withheld: Withheld = mayRead ? (isPublic ? 'public' : null) : 'rights';
  const report = await pipeline.evidence({ subject, withRows: withheld === null });
  return { message: evidenceMessage(report, withheld), report };
}
