import { MlopsError } from '../../../pipeline/core/errors.ts';
import { shown } from '../../blocks/escape.ts';
import { readModel } from '../../interaction/arguments.ts';
import type { Command } from '../../interaction/command.ts';
import { auditMessage } from './audit-message.ts';

const DEFAULT_ENTRIES = 10;
const MOST_ENTRIES = 30;

export const audit: Command = {
  name: 'audit',
  usage: '[model] [number]',
  summary: 'Who did what, from where, and what came of it; newest first.',
  examples: ['audit', 'audit spam', 'audit spam 30'],
  options: [],
  most: 2,
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
  if (value >= 1) return Math.min(value, MOST_ENTRIES);
  throw new MlopsError('NUMBER_INVALID', `“${shown(typed, 20)}” is not a number of entries.`, {
    hint: `Give one from 1 to ${MOST_ENTRIES}.`,
  });
}
