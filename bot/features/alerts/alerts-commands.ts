import { addMinutes } from 'date-fns/addMinutes';
import type { Alert } from '../../../pipeline/core/alert/alert.ts';
import { precisionOf } from '../../../pipeline/core/alert/votes.ts';
import { announcedAlert } from '../../blocks/announced-as.ts';
import { answer } from '../../blocks/answer.ts';
import { readModel } from '../../interaction/arguments.ts';
import type { Command, CommandTools } from '../../interaction/command.ts';
import { Misread, startingWith } from '../../interaction/misread.ts';
import { readDuration } from '../../interaction/read-duration.ts';
import { refuseForModel } from '../../interaction/rights.ts';
import { alertsMessage, muteAnswer, unmuteAnswer } from './alerts-message.ts';

const MAX_ALERTS = 10;
/** Alerts from which the precision of a rule is counted. */
const MAX_JUDGED = 50;
const DEFAULT_MUTE = '8h';

export const alerts: Command = {
  name: 'alerts',
  usage: '[model]',
  summary: 'Open alerts, recent ones, and how often each rule was right.',
  examples: ['alerts', 'alerts spam'],
  options: [],
  maxWords: 1,
  async run({ words: [word], tools }) {
    const model = word === undefined ? {} : { model: readModel(tools, word) };
    const [open, before] = await Promise.all([
      tools.pipeline.listAlerts({ ...model, open: true, limit: MAX_ALERTS }),
      tools.pipeline.listAlerts({ ...model, open: false, limit: MAX_JUDGED }),
    ]);
    const listed = (alerts: readonly Alert[]) =>
      Promise.all(
        alerts.map(async (alert) => ({
          alert,
          link: await tools.cardLink(announcedAlert(alert.id)),
        })),
      );
    const recent = before.slice(0, MAX_ALERTS - open.length);
    const precision = precisionOf([...open, ...before]);
    return {
      ...alertsMessage(await listed(open), await listed(recent), { ...tools, precision }),
      data: { open, recent, precision },
    };
  },
};

const muteLimits = {
  whenLeftOut: 8 * 60,
  mostDays: 30,
  tooLong: 'Alerts can be muted for at most 30 days.',
};

export const mute: Command = {
  name: 'mute',
  usage: '<model> [duration] [reason="…"]',
  summary: `Mutes alerts for a model (default ${DEFAULT_MUTE}); they are still recorded.`,
  examples: ['mute spam', 'mute spam 2 hours reason="load test"', 'mute spam 30m', 'mute spam 7d'],
  options: ['reason'],
  // A duration may be several words.
  maxWords: 8,
  async run({ words, options, tools, caller }) {
    const model = readModel(tools, words[0]);
    const minutes = readDuration(model, words.slice(1), muteLimits);
    const refusal = refuseForModel(tools, caller, model, 'manage its alerts');
    if (refusal !== null) return refusal;
    const until = addMinutes(tools.clock.now(), minutes).toISOString();
    const reason = options.reason ?? null;
    await tools.pipeline.mute({ model, by: caller.actor, until, reason });
    return muteAnswer(model, until, reason);
  },
};

export const unmute: Command = {
  name: 'unmute',
  usage: '[model]',
  summary: 'Resumes alerts for a model.',
  examples: ['unmute spam'],
  options: [],
  maxWords: 1,
  async run({ words: [word], tools, caller }) {
    const model = word === undefined ? await mutedModel(tools) : readModel(tools, word);
    if (model === null)
      return answer('No model is muted.', 'Regressions are announced in the channel.');
    const refusal = refuseForModel(tools, caller, model, 'manage its alerts');
    if (refusal !== null) return refusal;
    await tools.pipeline.unmute({ model, by: caller.actor });
    return unmuteAnswer(model);
  },
};

/** The only muted model; null when none is. @throws {Misread} to choose one of several. */
async function mutedModel({ pipeline }: CommandTools): Promise<string | null> {
  const muted = [...new Set((await pipeline.listMutes()).map(({ model }) => model))];
  const [first, second] = muted;
  if (first === undefined) return null;
  if (second === undefined) return first;
  throw new Misread('MODEL_UNKNOWN', 'Which model?', {
    hint: `Muted are: ${muted.join(', ')}.`,
    corrections: muted.map((model) => startingWith(model)),
  });
}
