import type { Membership } from '../../pipeline/core/access.ts';
import type { Actor } from '../../pipeline/core/run.ts';
import type { Bot } from '../bot.ts';
import type { Message } from '../messages/message.ts';
import type { Typed } from './tokenize.ts';

/** What a command needs of the world; the command line can give it as well as Slack. */
export type CommandTools = Pick<Bot, 'config' | 'pipeline' | 'clock' | 'local'>;

/** Who gave the command, and the id that makes a repeated delivery harmless. */
export interface Caller {
  readonly actor: Actor;
  readonly memberOf: Membership;
  readonly requestId: string;
}

export interface CommandInput extends Typed {
  readonly tools: CommandTools;
  readonly caller: Caller;
}

/** One word after `/mlops`. */
export interface Command {
  readonly name: string;
  /** Arguments as the help shows them. */
  readonly usage: string;
  readonly summary: string;
  readonly examples: readonly string[];
  /** Keys of `key=value` it knows; `'any'` when the recipe says. */
  readonly options: readonly string[] | 'any';
  /** Most bare words it takes. */
  readonly most: number;
  readonly run: (input: CommandInput) => Promise<Message>;
}
