import { closest } from '../../../pipeline/core/closest.ts';
import { answer } from '../../blocks/answer.ts';
import { shown } from '../../blocks/escape.ts';
import { type Message, message } from '../../blocks/message.ts';
import { bold, bullets, code, richText, section } from '../../blocks/rich-text.ts';
import type { Command, CommandGroup, Reply } from '../../interaction/command.ts';

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

/** All commands, one line each. */
export function helpMessage(groups: readonly CommandGroup[], models: readonly string[]): Message {
  return message('What /mlops can do', [
    richText(
      ...groups.flatMap(({ title, commands }) => [
        section(bold(title)),
        bullets(commands.map((command) => [code(commandLine(command)), `  ${command.summary}`])),
      ]),
      section(`Models: ${models.slice(0, 20).join(', ')}. /mlops help <command> explains one.`),
    ),
  ]);
}

/** One command with its examples. */
export function helpOn(command: Command): Message {
  return message(`Help for /mlops ${command.name}`, [
    richText(
      section(code(commandLine(command)), `  ${command.summary}`),
      bullets(command.examples.map((example) => [code(`/mlops ${example}`)])),
    ),
  ]);
}

const commandLine = ({ name, usage }: Command): string => `/mlops ${name} ${usage}`.trim();
