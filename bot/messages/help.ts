import type { Command } from '../commands/command.ts';
import { type Message, message } from './message.ts';
import { bold, bullets, code, richText, section } from './rich-text.ts';

/** All commands in a line each, or one with its examples. */
export function helpMessage(commands: readonly Command[], models: readonly string[]): Message {
  const [only] = commands;
  if (commands.length === 1 && only !== undefined) return helpOn(only);
  return message('What /mlops can do', [
    richText(
      section(bold('What /mlops can do')),
      bullets(commands.map((command) => [code(commandLine(command)), `  ${command.summary}`])),
      section(`Models: ${models.slice(0, 20).join(', ')}. /mlops help <command> tells more.`),
    ),
  ]);
}

function helpOn(command: Command): Message {
  return message(`Help on /mlops ${command.name}`, [
    richText(
      section(code(commandLine(command)), `  ${command.summary}`),
      bullets(command.examples.map((example) => [code(`/mlops ${example}`)])),
    ),
  ]);
}

const commandLine = ({ name, usage }: Command): string => `/mlops ${name} ${usage}`.trim();
