import type { Delivery, WorkspaceMessage, WorkspaceView } from '@mlops-bot/slack-simulator';
import type { LocalClient } from '../../bot/local/page-plugin/local-client.ts';
import { plainText } from './plain-text.ts';

/** Slack ids of the people who play. */
export interface Cast {
  readonly ada: string;
  readonly grace: string;
  readonly kit: string;
}

export interface Clicked {
  readonly delivery: Delivery;
  /** What only this person was told, if anything. */
  readonly ephemeral: WorkspaceMessage | null;
}

/** How long the demo waits for anything before it calls it a surprise, in milliseconds. */
const patience = 240_000;

export class Surprise extends Error {}

export function expectThat(isSo: boolean, what: string): void {
  if (!isSo) throw new Surprise(`Expected that ${what}.`);
  console.log(`   ✓ ${what}`);
}

export type Stage = ReturnType<typeof createStage>;

/** The hands and eyes of the demo: acts through the page's doors, reads what a person would read. */
export function createStage(options: {
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
    return client.waitFor(read, { what, timeoutMs: patience }).catch(() => {
      throw new Surprise(`It never happened: ${what}.`);
    });
  }

  async function reread(card: WorkspaceMessage): Promise<WorkspaceMessage> {
    const all = await client.messages(channel);
    const found = all.find(({ ts }) => ts === card.ts);
    if (found === undefined) throw new Surprise('The card is gone.');
    return found;
  }

  /** Prints what the thread has told since the last look. */
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
    mustTell: boolean,
  ): Promise<Clicked> {
    const before = new Set((await privateMessages(user)).map(({ ts }) => ts));
    const delivery = await act();
    if (!delivery.ok) throw new Surprise(`Slack would say “${delivery.error}”.`);
    const fresh = async () =>
      (await privateMessages(user)).find(({ ts }) => !before.has(ts)) ?? null;
    const ephemeral = mustTell ? await until('a private answer', fresh) : await fresh();
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
    says: ({ message }: { message: string }) => say(message),

    scene(title: string): void {
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

    /** The card of an open alert, its chart in the thread. */
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

    /** Waits until the progress bar of the run is well under way. */
    untilTraining: (share: number) =>
      until('training is under way', async () => {
        const { jobs } = await client.jobs();
        const job = jobs.find(
          ({ step, total }) => (step ?? 0) >= share * (total ?? 1) && step !== null,
        );
        return job ?? null;
      }),

    untilThread: (card: WorkspaceMessage, pattern: RegExp) =>
      until(`the thread says ${pattern}`, async () => {
        const replies = await follow(card);
        return replies.find((reply) => pattern.test(plainText(reply))) ?? null;
      }),

    untilButton: (card: WorkspaceMessage, action: string) =>
      until(`the button ${action}`, async () => {
        await follow(card);
        const now = await reread(card);
        return hasAction(now, action) ? now : null;
      }),

    /** Waits for the end of the run: its card then has no running or pending stage. */
    untilEnded: (card: WorkspaceMessage) =>
      until('the end of the run', async () => {
        await follow(card);
        const now = await reread(card);
        return /took /.test(plainText(now)) ? now : null;
      }),

    async click(user: string, card: WorkspaceMessage, action: string, { mustTell = false } = {}) {
      const on = await reread(card);
      say(`${user} clicks ${action}`);
      return ephemeralAfter(user, () => client.click({ user, on, action_id: action }), mustTell);
    },

    async command(user: string, text: string) {
      say(`${user}: ${text}`);
      return ephemeralAfter(user, () => client.command({ user, channel, text }), true);
    },

    /** Gives a command that opens a form; the form. */
    async commandForForm(user: string, text: string): Promise<WorkspaceView> {
      say(`${user}: ${text}`);
      const delivery = await client.command({ user, channel, text });
      if (!delivery.ok) throw new Surprise(`Slack would say “${delivery.error}”.`);
      const form = await until('a form', async () => (await client.views(user)).at(-1) ?? null);
      say(`(form) ${plainText({ text: form.title, blocks: form.blocks })}`);
      return form;
    },

    /** Submits a form with what was entered, and closes what it says then. */
    async submit(user: string, view: WorkspaceView, inputs: Readonly<Record<string, string>>) {
      say(`${user} submits ${JSON.stringify(inputs)}`);
      const answer = await client.submitView({ user, view, inputs });
      if (!answer.ok) throw new Surprise(`Slack would say “${answer.error}”.`);
      const told = (await client.views(user)).at(-1);
      if (told === undefined) return;
      say(`(only to ${user}) ${plainText({ text: told.title, blocks: told.blocks })}`);
      await client.closeView({ user, view: told });
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
