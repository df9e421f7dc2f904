import { MlopsError } from '../../../pipeline/core/errors.ts';
import { shown } from '../../blocks/escape.ts';
import { readModel } from '../../interaction/arguments.ts';
import type { Command } from '../../interaction/command.ts';
import { auditMessage } from './audit-message.ts';

const DEFAULT_ENTRIES = 10;
const MAX_ENTRIES = 30;

export const audit: Command = {
  name: 'audit',
  usage: '[model] [number]',
  summary: 'Who did what, where and with which result; newest first.',
  examples: ['audit', 'audit spam', 'audit spam 30'],
  options: [],
  maxWords: 2,
  async run({ words, tools }) {
    const [first, second] = words;
    const isNumberOnly = second === undefined && /^\d+$/.test(first ?? '');
    const word = isNumberOnly ? undefined : first;
    const model = word === undefined ? {} : { model: readModel(tools, word) };
    const limit = readCount(isNumberOnly ? first : second);
    return auditMessage(await tools.pipeline.audit.list({ ...model, limit }), model.model ?? null);
  },
};

function readCount(typed: string | undefined): number {
  if (typed === undefined) return DEFAULT_ENTRIES;
  const value = /^\d{1,4}$/.test(typed) ? Number(typed) : 0;
  if (value >= 1) return Math.min(value, MAX_ENTRIES);
  throw new MlopsError('NUMBER_INVALID', `“${shown(typed, 20)}” is not a number of entries.`, {
    hint: `Use a number from 1 to ${MAX_ENTRIES}.`,
  });
}
