import type { ModalView } from '@slack/web-api';
import type { Membership } from '../../pipeline/core/access.ts';
import type { Actor, RunId } from '../../pipeline/core/run.ts';
import type { Message } from '../blocks/message.ts';
import type { Bot } from './bot.ts';
import type { Typed } from './tokenize.ts';

/** What a command needs of the world; the command line can give it as well as Slack. */
export type CommandTools = Pick<
  Bot,
  'config' | 'pipeline' | 'cards' | 'clock' | 'local' | 'cardLink'
>;

/** Who gave the command, and the id that makes a repeated delivery harmless. */
export interface Caller {
  readonly actor: Actor;
  readonly memberOf: Membership;
  readonly requestId: string;
  /** Only where somebody sits before Slack: opens a form; false when Slack would not (in time). */
  readonly openModal?: (view: ModalView) => Promise<boolean>;
  /** The command line has no buttons: `--yes` stands for the one that would be asked for. */
  readonly isConfirmed?: boolean;
  /** The run whose thread the command was given in. */
  readonly threadRun?: RunId;
}

/** What a command says; on the command line, what a program may read of it too. */
export interface Reply extends Message {
  /** The facts behind the words, as plain JSON. */
  readonly data?: unknown;
  /** Why nothing was done: not understood, or not allowed. */
  readonly problem?: 'usage' | 'refused';
  /** It only asks back: nothing was done yet, so the audit has nothing to keep. */
  readonly asks?: true;
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
  /** Null: answered elsewhere, by the form it has opened. */
  readonly run: (input: CommandInput) => Promise<Reply | null>;
}

/** Commands that belong together in the help. */
export interface CommandGroup {
  readonly title: string;
  readonly commands: readonly Command[];
}
