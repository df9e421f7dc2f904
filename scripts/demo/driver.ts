import type { Delivery, WorkspaceMessage, WorkspaceView } from '@mlops-bot/slack-simulator';
import type { LocalClient } from '../../bot/workspace-page/local-client.ts';
import { plainText } from './plain-text.ts';

/** Slack ids of the users in the demo. */
export interface Users {
  readonly ada: string;
  readonly grace: string;
  readonly kit: string;
}

export interface Clicked {
  readonly delivery: Delivery;
  /** The answer that only this user sees, if any. */
  readonly ephemeral: WorkspaceMessage | null;
}

/** Longest wait for any expected change, in milliseconds. */
const timeoutMilliseconds = 240_000;

export class UnexpectedResult extends Error {}

export function expectThat(isSo: boolean, what: string): void {
  if (!isSo) throw new UnexpectedResult(`Expected that ${what}.`);
  console.log(`   ✓ ${what}`);
}

export type Driver = ReturnType<typeof createDriver>;

/** Acts as users of the page, through its HTTP API, and reads what they would see. */
export function createDriver(options: {
  readonly client: LocalClient;
  readonly channel: string;
  readonly samples: string;
}) {
  const { client, channel, samples } = options;
  const cards = new Set<string>();
  const printed = new Set<string>();
  let started = 0;

  const say = (line: string) => console.log(`   ${line}`);

  async function until<T>(what: string, read: () => Promise<T | null>): Promise<T> {
    return client.waitFor(read, { what, timeoutMs: timeoutMilliseconds }).catch(() => {
      throw new UnexpectedResult(`Timed out: ${what}.`);
    });
  }

  async function reread(card: WorkspaceMessage): Promise<WorkspaceMessage> {
    const all = await client.messages(channel);
    const found = all.find(({ ts }) => ts === card.ts);
    if (found === undefined) throw new UnexpectedResult('The card no longer exists.');
    return found;
  }

  /** Prints the replies that are new since the last call. */
  async function follow(card: WorkspaceMessage): Promise<readonly WorkspaceMessage[]> {
    const [, ...replies] = await client.thread(channel, card.ts);
    for (const reply of replies) {
      const line = firstLine(plainText(reply));
      const key = `${reply.ts} ${line}`;
      if (!printed.has(key)) say(`│ ${line}`);
      printed.add(key);
    }
    return replies;
  }

  async function ephemeralAfter(
    user: string,
    act: () => Promise<Delivery>,
    expectsAnswer: boolean,
  ): Promise<Clicked> {
    const before = new Set((await privateMessages(user)).map(({ ts }) => ts));
    const delivery = await act();
    if (!delivery.ok) throw new UnexpectedResult(`Slack would say “${delivery.error}”.`);
    const fresh = async () =>
      (await privateMessages(user)).find(({ ts }) => !before.has(ts)) ?? null;
    const ephemeral = expectsAnswer ? await until('an ephemeral answer', fresh) : await fresh();
    if (ephemeral !== null) say(`(only to ${user}) ${plainText(ephemeral)}`);
    return { delivery, ephemeral };
  }

  async function privateMessages(user: string): Promise<readonly WorkspaceMessage[]> {
    const all = await client.messages(channel, { user });
    return all.filter(({ ephemeral_for }) => ephemeral_for === user);
  }

  return {
    client,
    samples,
    reread,
    textOf: plainText,
    print: ({ message }: { message: string }) => say(message),

    step(title: string): void {
      started += 1;
      console.log(`\n${started}. ${title}`);
    },

    /** The card of the next run. */
    async nextCard(): Promise<WorkspaceMessage> {
      const card = await until('a new card', async () => {
        const all = await client.messages(channel);
        return all.find((each) => isCard(each) && !cards.has(each.ts)) ?? null;
      });
      cards.add(card.ts);
      say(`▣ ${firstLine(plainText(card))}`);
      return card;
    },

    /** Waits for the card of an alert with a reply in its thread. */
    untilAlert: () =>
      until('an alert', async () => {
        const all = await client.messages(channel);
        return (
          all.find((each) => eventType(each) === 'mlops_incident' && each.reply_count > 0) ?? null
        );
      }),

    async untilCard(card: WorkspaceMessage, pattern: RegExp, what: string) {
      const changed = await until(what, async () => {
        await follow(card);
        const now = await reread(card);
        return pattern.test(plainText(now)) ? now : null;
      });
      say(`▣ ${firstLine(plainText(changed))}`);
      return changed;
    },

    /** Waits until a job has done this share of its steps. */
    untilTraining: (share: number) =>
      until('training is under way', async () => {
        const { jobs } = await client.jobs();
        const job = jobs.find(
          ({ step, total }) => (step ?? 0) >= share * (total ?? 1) && step !== null,
        );
        return job ?? null;
      }),

    untilThread: (card: WorkspaceMessage, pattern: RegExp) =>
      until(`a reply that matches ${pattern}`, async () => {
        const replies = await follow(card);
        return replies.find((reply) => pattern.test(plainText(reply))) ?? null;
      }),

    untilButton: (card: WorkspaceMessage, action: string) =>
      until(`the button ${action}`, async () => {
        await follow(card);
        const now = await reread(card);
        return hasAction(now, action) ? now : null;
      }),

    /** Waits for the end of the run, when its card says how long it took. */
    untilEnded: (card: WorkspaceMessage) =>
      until('the end of the run', async () => {
        await follow(card);
        const now = await reread(card);
        return /took /.test(plainText(now)) ? now : null;
      }),

    async click(
      user: string,
      card: WorkspaceMessage,
      action: string,
      { expectsAnswer = false } = {},
    ) {
      const on = await reread(card);
      say(`${user} clicks ${action}`);
      return ephemeralAfter(
        user,
        () => client.click({ user, on, action_id: action }),
        expectsAnswer,
      );
    },

    async command(user: string, text: string) {
      say(`${user}: ${text}`);
      return ephemeralAfter(user, () => client.command({ user, channel, text }), true);
    },

    /** Sends a command that opens a form, and returns the form. */
    async commandForForm(user: string, text: string): Promise<WorkspaceView> {
      say(`${user}: ${text}`);
      const delivery = await client.command({ user, channel, text });
      if (!delivery.ok) throw new UnexpectedResult(`Slack would say “${delivery.error}”.`);
      const form = await until('a form', async () => (await client.views(user)).at(-1) ?? null);
      say(`(form) ${plainText({ text: form.title, blocks: form.blocks })}`);
      return form;
    },

    /** Submits a form, and closes the confirmation if one appears. */
    async submit(user: string, view: WorkspaceView, inputs: Readonly<Record<string, string>>) {
      say(`${user} submits ${JSON.stringify(inputs)}`);
      const answer = await client.submitView({ user, view, inputs });
      if (!answer.ok) throw new UnexpectedResult(`Slack would say “${answer.error}”.`);
      const shown = (await client.views(user)).at(-1);
      if (shown === undefined) return;
      say(`(only to ${user}) ${plainText({ text: shown.title, blocks: shown.blocks })}`);
      await client.closeView({ user, view: shown });
    },

    async predict(endpoint: string, request: unknown) {
      const prediction = await client.predict(endpoint, request);
      say(`POST ${JSON.stringify(request)}`);
      say(
        `→ ${prediction.status} ${JSON.stringify(prediction.answer)} in ${prediction.milliseconds} ms`,
      );
      return prediction;
    },
  };
}

function firstLine(text: string): string {
  return text.split('\n').find((line) => line.trim() !== '') ?? '';
}

function isCard(message: WorkspaceMessage): boolean {
  return message.thread_ts === null && eventType(message) === 'mlops_run';
}

function eventType(message: WorkspaceMessage): string | undefined {
  return (message.metadata as { event_type?: string } | null)?.event_type;
}

function hasAction(message: WorkspaceMessage, action: string): boolean {
  return JSON.stringify(message.blocks).includes(`"action_id":"${action}"`);
}
