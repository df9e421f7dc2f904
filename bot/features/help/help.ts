import { answer } from '../../blocks/answer.ts';
import { type Message, message } from '../../blocks/message.ts';
import { bold, bullets, code, type Inline, richText, section } from '../../blocks/rich-text.ts';
import { suggestionButtons } from '../../blocks/suggestion.ts';
import type { Command, CommandGroup, Reply } from '../../interaction/command.ts';
import { unknownCommand } from './unknown-command.ts';

/** The help command; `groups` includes the help itself. */
export function createHelp(groups: () => readonly CommandGroup[]): Command {
  return {
    name: 'help',
    usage: '[command or all]',
    summary: 'Lists the commands, or explains one.',
    examples: ['help', 'help all', 'help retrain'],
    options: ['short'],
    maxWords: 1,
    async run({ words, options, tools, caller }): Promise<Reply> {
      const [word] = words;
      const models = Object.keys(tools.config.models);
      // A terminal scrolls and has no buttons.
      if (word === undefined && caller.isConfirmed !== undefined)
        return allCommands(groups(), models);
      if (word === undefined) {
        return options.short === undefined
          ? helpMessage(groups(), models, caller.requestId)
          : greeting(caller.requestId);
      }
      if (word.toLowerCase() === 'all') return allCommands(groups(), models);
      const all = groups().flatMap(({ commands }) => commands);
      const found = all.find(({ name }) => name === word.toLowerCase());
      return found === undefined
        ? unknownCommand({ words, options: {} }, all, caller, 'help')
        : helpOn(found);
    },
  };
}

/** The answer to a mention that says nothing: everyone in the channel sees it. */
export function greeting(requestId: string): Message {
  const buttons = suggestionButtons(
    [
      { command: 'status', label: 'Status' },
      { command: 'help', label: 'Help' },
    ],
    requestId,
  );
  const said = answer(
    'Ask me what is live, or give me a command: “status”, “retrain spam”, “help”.',
  );
  return buttons === null ? said : { ...said, blocks: [...said.blocks, buttons] };
}

/** The commands by their names, on one screen. */
export function helpMessage(
  groups: readonly CommandGroup[],
  models: readonly string[],
  requestId: string,
): Message {
  const [model = 'spam'] = models;
  const buttons = suggestionButtons(
    [{ command: 'help all', label: 'All commands and their arguments' }],
    requestId,
  );
  return message('What /mlops can do', [
    richText(
      section(bold('What /mlops can do')),
      bullets(
        groups.map(({ title, commands }): Inline[] => [
          bold(`${title}  `),
          ...commands.flatMap(({ name }, index): Inline[] => [index === 0 ? '' : '  ', code(name)]),
        ]),
      ),
      section(
        'For example ',
        code(`/mlops status`),
        ', ',
        code(`/mlops retrain ${model} 5 epochs`),
        ' or ',
        code(`/mlops why was ${model} blocked?`),
      ),
      section(`Models: ${models.slice(0, 20).join(', ')}. /mlops help <command> explains one.`),
    ),
    ...(buttons === null ? [] : [buttons]),
  ]);
}

/** All commands, one line each; a block for each group, because Slack limits what a block holds. */
export function allCommands(groups: readonly CommandGroup[], models: readonly string[]): Message {
  return message('All /mlops commands', [
    ...groups.map(({ title, commands }) =>
      richText(
        section(bold(title)),
        bullets(commands.map((command) => [code(commandLine(command)), `  ${command.summary}`])),
      ),
    ),
    richText(
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
