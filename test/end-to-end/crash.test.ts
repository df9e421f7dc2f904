import type { WorkspaceMessage } from '@mlops-bot/slack-simulator';
import { describe, expect, it, onTestFinished } from 'vitest';
import { actionIds } from '../../bot/blocks/action-ids.ts';
import { createLocalClient, type LocalClient } from '../../bot/workspace-page/local-client.ts';
import type { RunEvent } from '../../pipeline/core/events.ts';
import { sampleFiles } from '../../pipeline/local/sample-datasets.ts';
import { type AppProcess, folderWith, startApp } from './app-process.ts';

const channel = 'C0MLOPS';
const patience = { timeoutMs: 60_000 };

describe('kill -9', () => {
  it('in every stage of a run still gives one card, one training and one deployment', async () => {
    const folder = await folderWith('tumour', sampleFiles.tumour);
    const events: RunEvent[] = [];
    const deaths = [
      'start of prepare',
      'start of train',
      'start of evaluate',
      'start of gate',
      'start of register',
      'start of approve',
    ];

    for (const dieAt of deaths) {
      const app = await startApp(folder, { dieAt });
      expect(await app.ended).toBe('SIGKILL');
      events.push(...app.events);
    }
    const waiting = await startApp(folder, { dieAt: 'start of deploy' });
    // It may die before it answers the click.
    await approve(waiting).catch(() => {});
    expect(await waiting.ended).toBe('SIGKILL');
    const deploying = await startApp(folder, { dieAt: 'start of watch' });
    expect(await deploying.ended).toBe('SIGKILL');
    const last = await startApp(folder);
    const card = await waitForCard(last, /In production: v1/);
    events.push(...waiting.events, ...deploying.events, ...last.events);

    expect(card.text).toMatch(/v1 is live/);
    expect(count(events, 'TrainingCompleted')).toBe(1);
    expect(count(events, 'EvaluationCompleted')).toBe(1);
    expect(count(events, 'DecisionRecorded')).toBe(1);
    expect(count(events, 'DeploymentStarted')).toBe(1);
    expect(count(events, 'VersionDeployed')).toBe(1);
    expect(await rootMessages(last)).toHaveLength(1);
    await last.stop();
  });

  it('in the middle of training resumes from the checkpoint', async () => {
    const folder = await folderWith('spam', sampleFiles.first);
    const first = await startApp(folder, { dieAt: 'half of training' });
    expect(await first.ended).toBe('SIGKILL');

    const second = await startApp(folder);
    await waitForCard(second, /is waiting for approval/);

    const resumed = second.events.find((event) => event.type === 'TrainingResumed');
    expect(resumed).toMatchObject({ type: 'TrainingResumed' });
    expect(resumed?.type === 'TrainingResumed' && resumed.fromStep).toBeGreaterThan(0);
    expect(await second.stop()).toBe(0);
  });

  it('after a deployment leaves a model that answers again after the next start', async () => {
    const folder = await folderWith('tumour', sampleFiles.tumour);
    const first = await startApp(folder, { dieAt: 'RunEnded' });
    await approve(first);
    expect(await first.ended).toBe('SIGKILL');

    const second = await startApp(folder);
    const client = clientOf(second);
    const { endpoints } = await client.waitFor(async () => {
      const jobs = await client.jobs();
      return jobs.endpoints.length > 0 ? jobs : null;
    }, patience);
    const prediction = await client.predict('tumour', endpoints[0]?.example);

    expect(prediction.status).toBe(200);
    expect(count(second.events, 'VersionDeployed')).toBe(0);
    await second.stop();
  });
});

function clientOf(app: AppProcess): LocalClient {
  const client = createLocalClient({ url: app.url });
  onTestFinished(() => client.close());
  return client;
}

async function waitForCard(app: AppProcess, pattern: RegExp): Promise<WorkspaceMessage> {
  const client = clientOf(app);
  return client.waitFor(
    async () => {
      const all = await client.messages(channel);
      return all.find(({ text, blocks }) => pattern.test(text + JSON.stringify(blocks))) ?? null;
    },
    { what: `a card that matches ${pattern}`, ...patience },
  );
}

async function approve(app: AppProcess): Promise<void> {
  const on = await waitForCard(app, new RegExp(actionIds.approve));
  await clientOf(app).click({ user: 'U0GRACE', on, action_id: actionIds.approve });
}

async function rootMessages(app: AppProcess): Promise<readonly WorkspaceMessage[]> {
  const all = await clientOf(app).messages(channel);
  return all.filter(({ thread_ts }) => thread_ts === null);
}

function count(events: readonly RunEvent[], type: RunEvent['type']): number {
  return events.filter((event) => event.type === type).length;
}
