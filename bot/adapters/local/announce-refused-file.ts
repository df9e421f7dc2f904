import type { RefusedFile } from '../../../pipeline/local/inbox.ts';
import type { Announcer } from '../../announcer/announcer.ts';

/** Posts why a file was refused; once per file and reason. */
export function announceRefusedFile(
  announcer: Pick<Announcer, 'tell'>,
  { fileName, model, reason }: RefusedFile,
): Promise<boolean> {
  return announcer.tell({
    key: `file ${model ?? ''}/${fileName}: ${reason}`,
    kind: 'file_ignored',
    fileName,
    reason,
    hint: null,
  });
}
