import { decidersOf, isGroup, whyRunUndecidable } from '../../pipeline/core/deciders.ts';
import type { Run } from '../../pipeline/core/run.ts';
import type { People } from '../web-api/people.ts';

/** People a request is sent to at most; larger teams work in the channel. */
const MOST_PEOPLE = 30;

/** Somebody a request asks; `isByName`: it was handed over to them. */
export interface Recipient {
  readonly userId: string;
  readonly isByName: boolean;
  /** The reminders meant for them, by their keys in the thread. */
  readonly reminders: readonly string[];
}

/** Whom a request asks: those the thread mentions who can decide, and whoever it was handed over to. */
export async function recipientsOf(
  run: Run,
  people: Pick<People, 'membersOf'>,
): Promise<readonly Recipient[]> {
  const { approval, requestedBy } = run;
  if (approval === null || approval.outcome === 'not_needed') return [];
  const mentioned = approval.notify ?? approval.approvers;
  const asked =
    whyRunUndecidable(run) === null ? await peopleAmong(mentioned, approval.approvers, people) : [];
  const able = decidersOf({ ...approval, approvers: asked }, requestedBy);
  const handedOver = (approval.handedOver ?? []).map(({ to }) => to.id);
  const all = [...new Set([...able, ...handedOver])].slice(0, MOST_PEOPLE);
  return all.map((userId) => ({
    userId,
    isByName: handedOver.includes(userId),
    reminders: remindersFor(run, userId),
  }));
}

async function peopleAmong(
  mentioned: readonly string[],
  approvers: readonly string[],
  people: Pick<People, 'membersOf'>,
): Promise<readonly string[]> {
  const resolve = async (ids: readonly string[]) =>
    ids.some(isGroup)
      ? ((await people.membersOf(ids)) ?? ids.filter((id) => !isGroup(id)))
      : [...new Set(ids)];
  const able = await resolve(approvers);
  return mentioned === approvers
    ? able
    : (await resolve(mentioned)).filter((id) => able.includes(id));
}

function remindersFor({ approval }: Run, userId: string): readonly string[] {
  const own = (approval?.snoozes ?? []).flatMap(({ by, remindedAt }, index) =>
    by.id === userId && remindedAt !== null ? [`snooze:${index + 1}`] : [],
  );
  return [
    ...(approval?.remindedAt == null ? [] : ['reminder']),
    ...(approval?.reminder === undefined ? [] : [`reminder:${approval.reminder.count}`]),
    ...own,
  ];
}
