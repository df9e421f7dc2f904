import { addMinutes } from 'date-fns/addMinutes';
import { MlopsError } from '../../../pipeline/core/errors.ts';
import { shown } from '../../blocks/escape.ts';
import { readModel } from '../../interaction/arguments.ts';
import type { Command } from '../../interaction/command.ts';
import { refuseForModel } from '../../interaction/rights.ts';
import { alertsMessage, muteAnswer, unmuteAnswer } from './alerts-message.ts';

const MAX_ALERTS = 10;
const DEFAULT_MUTE = '8h';
const MAX_MUTE_MINUTES = 30 * 24 * 60;

export const alerts: Command = {
  name: 'alerts',
  usage: '[model]',
  summary: 'Open alerts, and recent ones.',
  examples: ['alerts', 'alerts spam'],
  options: [],
  maxWords: 1,
  async run({ words: [word], tools }) {
    const model = word === undefined ? {} : { model: readModel(tools, word) };
    const [open, before] = await Promise.all([
      tools.pipeline.listAlerts({ ...model, open: true, limit: MAX_ALERTS }),
      tools.pipeline.listAlerts({ ...model, open: false, limit: MAX_ALERTS }),
    ]);
    return alertsMessage(open, before.slice(0, MAX_ALERTS - open.length), tools.config);
  },
};

export const mute: Command = {
  name: 'mute',
  usage: '<model> [duration] [reason="…"]',
  summary: `Mutes alerts for a model (default ${DEFAULT_MUTE}); they are still recorded.`,
  examples: ['mute spam', 'mute spam 24h reason="load test"', 'mute spam 30m', 'mute spam 7d'],
  options: ['reason'],
  maxWords: 2,
  async run({ words, options, tools, caller }) {
    const model = readModel(tools, words[0]);
    const minutes = readMinutes(words[1] ?? DEFAULT_MUTE);
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
  usage: '<model>',
  summary: 'Resumes alerts for a model.',
  examples: ['unmute spam'],
  options: [],
  maxWords: 1,
  async run({ words: [word], tools, caller }) {
    const model = readModel(tools, word);
    const refusal = refuseForModel(tools, caller, model, 'manage its alerts');
    if (refusal !== null) return refusal;
    await tools.pipeline.unmute({ model, by: caller.actor });
    return unmuteAnswer(model);
  },
};

function readMinutes(typed: string): number {
  const [, digits, unit = ''] = /^(\d{1,5})\s*(m|min|h|d)$/i.exec(typed) ?? [];
  const per = { m: 1, min: 1, h: 60, d: 24 * 60 }[unit.toLowerCase()] ?? 0;
  const minutes = Number(digits ?? 0) * per;
  if (minutes > 0 && minutes <= MAX_MUTE_MINUTES) return minutes;
  throw new MlopsError('DURATION_INVALID', `“${shown(typed, 20)}” is not a duration.`, {
    hint: 'Use minutes, hours or days up to 30d, such as 30m, 8h or 7d.',
  });
}
