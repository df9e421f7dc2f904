import { type Message, message } from '../../blocks/message.ts';
import { bold, bullets, code, richText, section } from '../../blocks/rich-text.ts';
import type { Command, CommandGroup } from '../../interaction/command.ts';

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
