import type { ModalView } from '@slack/web-api';
import type { Membership } from '../../pipeline/core/access.ts';
import type { AuditSource } from '../../pipeline/core/audit-source.ts';
import type { Actor } from '../../pipeline/core/run.ts';
import type { Message } from '../blocks/message.ts';
import type { Bot } from './bot.ts';
import type { ThreadSubject } from './thread-subject.ts';
import type { Typed } from './tokenize.ts';

/** What a command needs; Slack and the command line both provide it. */
export type CommandTools = Pick<
  Bot,
  'config' | 'pipeline' | 'cards' | 'clock' | 'local' | 'isRemote' | 'cardLink'
> & {
  /** Left out where Slack cannot be asked. */
  readonly people?: Pick<Bot['people'], 'actorOf' | 'membersOf'>;
  /** Left out where there is no Slack. */
  readonly notifications?: Bot['notifications'];
};

/** Who ran the command, with the id that makes a repeated delivery harmless. */
export interface Caller {
  readonly actor: Actor;
  /** Asks Slack for their full name; left out where `actor` has it. */
  readonly named?: () => Promise<Actor>;
  readonly memberOf: Membership;
  readonly requestId: string;
  /** Of this delivery alone, for the audit log; left out: the request is delivered once. */
  readonly deliveryId?: string;
  /** Opens a form; only in Slack. False when Slack did not open it in time. */
  readonly openModal?: (view: ModalView) => Promise<boolean>;
  /** For the audit log; left out: Slack. */
  readonly from?: AuditSource;
  /** Set by the command line, where `--yes` replaces the confirmation button. */
  readonly isConfirmed?: boolean;
  /** What the thread is about in which the command was typed. */
  readonly about?: ThreadSubject;
}

/** The answer to a command, with its data for programs. */
export interface Reply extends Message {
  /** The facts behind the text, as plain JSON. */
  readonly data?: unknown;
  /** What a terminal prints instead of the text, as it is: the content of a file. */
  readonly file?: string;
  /** Why nothing was done: misunderstood, or not allowed. */
  readonly problem?: 'usage' | 'refused';
  /** The reply only asks for confirmation; nothing was done yet, so nothing is audited. */
  readonly asks?: true;
}

/** A parsed command with its tools and caller. */
export interface CommandInput extends Typed {
  readonly tools: CommandTools;
  readonly caller: Caller;
}

/** A command after `/mlops`. */
export interface Command {
  readonly name: string;
  /** The arguments, as help shows them. */
  readonly usage: string;
  readonly summary: string;
  readonly examples: readonly string[];
  /** Known keys of `key=value`; `'any'` when the recipe defines them. */
  readonly options: readonly string[] | 'any';
  /** Maximum number of arguments without a key. */
  readonly maxWords: number;
  /** Returns null when it opened a form instead of answering. */
  readonly run: (input: CommandInput) => Promise<Reply | null>;
}

/** Commands that help lists together. */
export interface CommandGroup {
  readonly title: string;
  readonly commands: readonly Command[];
}
