import { type Alert, type AlertKind, type AlertVote, alertKinds, isOpen } from './alert.ts';

/** How often the alerts of one rule were right, of those people have judged. */
export interface RulePrecision {
  readonly model: string;
  readonly kind: AlertKind;
  readonly right: number;
  readonly judged: number;
}

/** Whether people may judge it: once someone takes care of it, or it is over. */
export function isVotable(alert: Alert): boolean {
  return alert.opened !== null && (!isOpen(alert) || alert.acknowledged !== null);
}

/**
 * The alert with the answer of that person, in place of an earlier one. The very same object when
 * they have said so before, or it cannot be judged yet.
 */
export function withVote(alert: Alert, vote: AlertVote): Alert {
  const { votes = [], revision } = alert;
  const earlier = votes.find(({ by }) => by.id === vote.by.id);
  if (!isVotable(alert) || earlier?.isRight === vote.isRight) return alert;
  const others = votes.filter((each) => each !== earlier);
  return { ...alert, revision: revision + 1, updatedAt: vote.at, votes: [...others, vote] };
}

/** What most people said; null while no one has, or as many said one as the other. */
export function judgementOf({ votes = [] }: Pick<Alert, 'votes'>): 'right' | 'wrong' | null {
  const right = votes.filter(({ isRight }) => isRight).length;
  const wrong = votes.length - right;
  if (right === wrong) return null;
  return right > wrong ? 'right' : 'wrong';
}

/** The rules of which an alert was judged, by model and kind; each alert counts once. */
export function precisionOf(alerts: readonly Alert[]): readonly RulePrecision[] {
  const models = [...new Set(alerts.map(({ model }) => model))].sort();
  return models.flatMap((model) =>
    alertKinds.flatMap((kind): readonly RulePrecision[] => {
      const judgements = alerts
        .filter((alert) => alert.model === model && alert.kind === kind)
        .flatMap((alert) => judgementOf(alert) ?? []);
      const right = judgements.filter((judgement) => judgement === 'right').length;
      return judgements.length === 0 ? [] : [{ model, kind, right, judged: judgements.length }];
    }),
  );
}
