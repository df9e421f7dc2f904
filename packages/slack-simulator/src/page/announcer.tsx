import type { WorkspaceMessage } from '../types.ts';
import { useDirectory } from './directory.tsx';

/** Reads new messages to people who do not see them arrive. */
export function Announcer({ message }: { message: WorkspaceMessage | null }) {
  const directory = useDirectory();
  return (
    <p className="hidden" role="log" aria-live="polite" aria-label="New messages">
      {message && `${directory.member(message.user).name}: ${message.text}`}
    </p>
  );
}
