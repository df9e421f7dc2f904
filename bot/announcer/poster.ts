import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import { isChart } from '../blocks/chart.ts';
import { type Message, type MessageBlock, withoutCharts } from '../blocks/message.ts';
import { slackProblem } from '../web-api/slack-problem.ts';
import type { ChartSupport } from './chart-support.ts';
import type { SlackPace } from './slack-pace.ts';

/** How a message of ours is recognised in Slack: message metadata, invisible to people. */
export interface Mark {
  readonly event_type:
    | 'mlops_run'
    | 'mlops_run_entry'
    | 'mlops_incident'
    | 'mlops_incident_entry'
    | 'mlops_direct'
    | 'mlops_notice';
  readonly event_payload: Readonly<Record<string, string>>;
}

export interface Place {
  /** Channel id, or `#name` before the first post. */
  readonly channel: string;
  readonly threadTs: string | null;
}

/** The few things the announcer does in Slack. Every method throws what the Web API threw. */
export interface Poster {
  post(place: Place, message: Message, mark: Mark): Promise<{ channel: string; ts: string }>;
  update(at: { channel: string; ts: string }, message: Message, mark: Mark): Promise<void>;
  /** The earliest message with the mark since `since`; null when there is none. */
  find(place: Place, mark: Mark, since: Date): Promise<{ channel: string; ts: string } | null>;
}

/** Pages of history read at most when looking for a message: 200 messages each. */
const MOST_PAGES = 10;

export function createPoster(options: {
  client: WebClient;
  charts: ChartSupport;
  pace: SlackPace;
  log: (line: string) => void;
}): Poster {
  const { client, charts, pace, log } = options;

  /**
   * A message Slack cannot show is sent without its charts, then in simpler blocks, at last as its
   * text: less is better than silence.
   */
  async function withPlainFallback<T>(
    message: Message,
    send: (content: { text: string; blocks?: MessageBlock[] }) => Promise<T>,
  ): Promise<T> {
    const { text } = message;
    let chartRefusal: string | null = null;
    for (const blocks of attemptsAt(message, charts.isRefused())) {
      try {
        const sent = await send({ text, blocks: [...blocks] });
        // It was the chart only when the same message goes through without.
        if (chartRefusal !== null) charts.onRefused(chartRefusal);
        if (blocks.some(isChart)) charts.onAccepted();
        return sent;
      } catch (error) {
        const problem = slackProblem(error);
        if (problem?.kind !== 'unshowable') throw error;
        const isAboutBlocks = problem.code.startsWith('invalid_blocks');
        chartRefusal = isAboutBlocks && blocks.some(isChart) ? saidBy(error, problem.code) : null;
        if (chartRefusal === null) {
          log(`Slack could not show the blocks of “${text}” (${problem.code}).`);
        }
      }
    }
    return send({ text });
  }

  async function channelId(channel: string): Promise<string> {
    if (!channel.startsWith('#')) return channel;
    const pages = client.paginate('conversations.list', {
      types: 'public_channel,private_channel',
      exclude_archived: true,
      limit: 200,
    });
    for await (const page of pages) {
      const channels = (page as { channels?: { id?: string; name?: string }[] }).channels ?? [];
      const found = channels.find(({ name }) => name === channel.slice(1));
      if (found?.id) return found.id;
    }
    return channel;
  }

  async function* messages(place: Place, oldest: string | undefined) {
    const channel = await channelId(place.channel);
    const method = place.threadTs === null ? 'conversations.history' : 'conversations.replies';
    let cursor: string | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const answer = (await client.apiCall(method, {
        channel,
        limit: 200,
        include_all_metadata: true,
        ...(place.threadTs === null ? {} : { ts: place.threadTs }),
        ...(oldest === undefined ? {} : { oldest }),
        ...(cursor === undefined ? {} : { cursor }),
      })) as unknown as HistoryPage;
      for (const found of answer.messages ?? []) yield { ...found, channel };
      cursor = answer.response_metadata?.next_cursor || undefined;
      if (cursor === undefined) return;
    }
  }

  return {
    async post(place, message, mark) {
      const posted = await withPlainFallback(message, async (content) => {
        await pace.turn('post');
        return client.chat.postMessage({
          channel: place.channel,
          ...(place.threadTs === null ? {} : { thread_ts: place.threadTs }),
          ...content,
          metadata: { event_type: mark.event_type, event_payload: { ...mark.event_payload } },
          unfurl_links: false,
          unfurl_media: false,
        });
      });
      if (!posted.ts || !posted.channel) throw new Error('chat.postMessage answered without a ts.');
      return { channel: posted.channel, ts: posted.ts };
    },

    async update(at, message, mark) {
      await withPlainFallback(message, async (content) => {
        await pace.turn('edit');
        return client.chat.update({
          channel: at.channel,
          ts: at.ts,
          ...content,
          metadata: { event_type: mark.event_type, event_payload: { ...mark.event_payload } },
        });
      });
    },

    async find(place, mark, since) {
      let earliest: { channel: string; ts: string } | null = null;
      for await (const found of messages(place, String(since.getTime() / 1000))) {
        if (!found.ts || !hasMark(found, mark)) continue;
        if (earliest === null || found.ts < earliest.ts)
          earliest = { channel: found.channel, ts: found.ts };
      }
      return earliest;
    },
  };
}

interface HistoryPage {
  readonly messages?: readonly {
    readonly ts?: string;
    readonly metadata?: { event_type?: string; event_payload?: Record<string, unknown> };
  }[];
  readonly response_metadata?: { readonly next_cursor?: string };
}

function hasMark(message: NonNullable<HistoryPage['messages']>[number], mark: Mark): boolean {
  const { metadata } = message;
  return (
    metadata?.event_type === mark.event_type &&
    Object.entries(mark.event_payload).every(
      ([name, value]) => metadata.event_payload?.[name] === value,
    )
  );
}

function attemptsAt(
  message: Message,
  isChartRefused: boolean,
): readonly (readonly MessageBlock[])[] {
  const { blocks, simpler = [] } = message;
  const plain = withoutCharts(message).blocks;
  const hasChart = plain.length < blocks.length;
  return [...(hasChart && !isChartRefused ? [blocks] : []), plain, simpler].filter(
    (each) => each.length > 0,
  );
}

/** The code, and what Slack says about each block beside it. */
function saidBy(error: unknown, code: string): string {
  const details =
    error instanceof WebAPIPlatformError ? (error.data.response_metadata?.messages ?? []) : [];
  return [code, ...details].join(': ');
}
