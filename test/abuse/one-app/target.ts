import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkspaceMessage } from '@mlops-bot/slack-simulator';
import { expect } from 'vitest';
import { actionIds } from '../../../bot/blocks/action-ids.ts';
import type { LocalClient } from '../../../bot/workspace-page/local-client.ts';
import { MARK_VARIABLE, processMark } from '../../../pipeline/local/process-mark.ts';
import {
  clientOf,
  dropTumour,
  newDataFolder,
  type RunningApp,
  startApp,
  waitForCard,
} from '../running-app.ts';
import type { Answer } from '../send.ts';

/** Secrets of the environment the app is started in, none of which may turn up anywhere. */
export const canaries: Readonly<Record<string, string>> = {
  AWS_ACCESS_KEY_ID: 'AKIACANARY0000000001',
  AWS_SECRET_ACCESS_KEY: 'canary-aws-secret-2',
  AWS_SESSION_TOKEN: 'canary-aws-session-3',
  GITHUB_TOKEN: 'ghp_canary00000000000004',
  HF_TOKEN: 'hf_canary00000000000005',
  OPENAI_API_KEY: 'sk-canary0000000000006',
  DATABASE_URL: 'postgres://canary:canary-pass-7@db/x',
  SLACK_SIGNING_SECRET: 'canary-signing-8',
  NPM_TOKEN: 'npm_canary-9',
  MY_PASSWORD: 'canary-password-10',
  PRIVATE_KEY: '-----BEGIN PRIVATE KEY-----canary-11-----END PRIVATE KEY-----',
};

/** The app that all of these attacks are made on. */
export interface Target {
  readonly data: string;
  readonly app: RunningApp;
  readonly url: string;
  readonly client: LocalClient;
  /** The card of a version that waits for approval. */
  readonly waiting: WorkspaceMessage;
  /** Environments of the scripts that ran, as the kernel shows them. */
  readonly environments: ReadonlySet<string>;
}

export async function openTarget(atEnd: (work: () => void) => void): Promise<Target> {
  const data = newDataFolder(atEnd);
  await dropTumour(data);
  const app = startApp(data, { cleanup: atEnd, environment: canaries });
  const url = await app.ready;
  const client = await clientOf(app, atEnd);
  const environments = new Set<string>();
  const watch = setInterval(() => collectEnvironments(data, environments), 100);
  atEnd(() => clearInterval(watch));
  const waiting = await waitForCard(client, new RegExp(actionIds.approve));
  return { data, app, url, client, waiting, environments };
}

/** What every Python process of this app was started with. */
function collectEnvironments(data: string, environments: Set<string>): void {
  const mark = `${MARK_VARIABLE}=${processMark(join(data, 'work'), '')}`;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const text = readFileSync(`/proc/${pid}/environ`, 'latin1');
      if (text.includes(mark)) environments.add(text);
    } catch {
      // It has ended.
    }
  }
}

export function expectRefused({ status, body }: Answer): void {
  expect({ status, body }).toMatchObject({
    status: expect.toSatisfy((it) => it >= 400 && it < 500),
  });
}

export async function expectUndecided({
  client,
  waiting,
}: Pick<Target, 'client' | 'waiting'>): Promise<void> {
  const all = await client.messages('C0MLOPS');
  const card = all.find(({ ts }) => ts === waiting.ts);
  expect(JSON.stringify(card?.blocks)).toContain(actionIds.approve);
}

/** The block of the card that has the Approve button. */
export function approveBlock(waiting: WorkspaceMessage): string {
  const found = waiting.blocks.find((each) => JSON.stringify(each).includes(actionIds.approve));
  return String(found?.block_id);
}
