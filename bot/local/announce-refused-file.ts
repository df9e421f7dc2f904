import type { RefusedFile } from '../../pipeline/local/inbox.ts';
import type { Announcer } from '../announcer/announcer.ts';

/** Tells the channel why a file was not taken; again only when the reason is another. */
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
