import type { Announcer } from './announcer/announcer.ts';
import { type AnnouncerOptions, createSlackAnnouncer } from './announcer/create-slack-announcer.ts';
import {
  type AnsweringBot,
  type AnsweringBotOptions,
  createAnsweringBot,
} from './create-answering-bot.ts';

export type BotOptions = AnnouncerOptions & Omit<AnsweringBotOptions, 'cards'>;

export interface SlackBot extends AnsweringBot {
  readonly announcer: Announcer;
}

/** The whole bot: answers requests from Slack and announces what the pipeline does. */
export function createBot(options: BotOptions): SlackBot {
  const announcer = createSlackAnnouncer(options);
  return { ...createAnsweringBot({ ...options, cards: announcer }), announcer };
}
