import { closest } from '../../../pipeline/core/closest.ts';
import { answer } from '../../blocks/answer.ts';
import { shown } from '../../blocks/escape.ts';
import type { Command, CommandGroup, Reply } from '../../interaction/command.ts';
import { helpMessage, helpOn } from './help-message.ts';

/** The help command; `groups` includes the help itself. */
export function createHelp(groups: () => readonly CommandGroup[]): Command {
  return {
    name: 'help',
    usage: '[command]',
    summary: 'Lists the commands, or explains one.',
    examples: ['help retrain'],
    options: [],
    maxWords: 1,
    async run({ words: [word], tools }) {
      if (word === undefined) return helpMessage(groups(), Object.keys(tools.config.models));
      const all = groups().flatMap(({ commands }) => commands);
      const found = all.find(({ name }) => name === word.toLowerCase());
      return found === undefined ? unknownCommand(word, all) : helpOn(found);
    },
  };
}

/** The answer to an unknown command, with the closest known one. */
export function unknownCommand(word: string, all: readonly Command[]): Reply {
  const near = closest(
    word,
    all.map(({ name }) => name),
  );
  const suggestion = answer(
    `There is no command “${shown(word, 40)}”.`,
    near === null ? '/mlops help lists them all.' : `Did you mean /mlops ${near}?`,
  );
  return { ...suggestion, problem: 'usage' };
}
