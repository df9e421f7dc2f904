// Requests from Slack, answered within 3 s, cold starts included. Longer work goes to the queue of
// the announcing function or to a durable execution. The adapters of AWS take most of a cold start,
// so they are loaded by the first request that needs them, after its signature has been checked.
import config from '../../mlops.config.ts';
import { required } from '../../pipeline/aws/lambda/environment.ts';
import { lazy, once } from '../../pipeline/aws/lambda/lazy.ts';
import { createLazyPipeline } from '../../pipeline/aws/lambda/lazy-pipeline.ts';
import { readSecrets } from '../../pipeline/aws/lambda/slack-secrets.ts';
import { createTelemetry } from '../../pipeline/aws/lambda/telemetry.ts';
import { createSlackEntry } from '../adapters/aws/create-slack-entry.ts';
import { toLateEvent } from '../adapters/aws/late-event.ts';
import { refuseAfterHandingOver } from '../slack/current-request.ts';

const { env } = process;
const folder = import.meta.dirname;
const telemetry = createTelemetry('slack');
const adapters = once(async () => {
  const { composeSlack } = await import('./compose-slack.ts');
  return composeSlack('slack', env, folder, { beforeCall: refuseAfterHandingOver });
});
const answering = once(openBot);
const queue = lazy(async () => (await adapters()).queue);

export const handler = createSlackEntry({
  telemetry,
  open: async () => (await answering()).handler,
  work: async (request) => (await answering()).work(request),
});

async function openBot() {
  const parameters = {
    botToken: required(env, 'MLOPS_SLACK_BOT_TOKEN'),
    signingSecret: required(env, 'MLOPS_SLACK_SIGNING_SECRET'),
  };
  // In this order: the bot loads while the request for the secrets is under way.
  const [slack, { createAnsweringBot }] = await Promise.all([
    readSecrets({ environment: env, parameters }),
    import('../create-answering-bot.ts'),
  ]);
  return createAnsweringBot({
    handOver: async (request) => {
      const { invokeLater } = await adapters();
      await invokeLater(required(env, 'AWS_LAMBDA_FUNCTION_NAME'), toLateEvent(request));
    },
    config,
    slack,
    pipeline: createLazyPipeline({
      environment: env,
      folder,
      beforeCall: refuseAfterHandingOver,
      load: async () => (await adapters()).parts.pipeline,
    }),
    announcements: lazy(async () => (await adapters()).parts.announcements),
    preferences: lazy(async () => (await adapters()).parts.preferences),
    clock: { now: () => new Date() },
    log: telemetry.log,
    datasets: lazy(async () => (await adapters()).datasets),
    schedules: JSON.parse(env.MLOPS_RETRAIN_SCHEDULES ?? '{}'),
    cards: {
      onEvent: (runId, { redraw = false } = {}) => queue.send({ kind: 'run', runId, redraw }),
      onAlert: (alertId, { redraw = false } = {}) => queue.send({ kind: 'alert', alertId, redraw }),
    },
  });
}
