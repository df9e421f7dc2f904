// The peer: what Bolt's documentation shows for Lambda, with one command that answers at once.
import bolt from '@slack/bolt';

const receiver = new bolt.AwsLambdaReceiver({
  signingSecret: process.env.BENCH_SIGNING_SECRET ?? '',
});
const app = new bolt.App({
  token: 'xoxb-bench',
  receiver,
  clientOptions: { slackApiUrl: process.env.SLACK_API_URL ?? '' },
});
app.command('/mlops', async ({ ack }) => {
  await ack('What /mlops can do');
});
const handle = receiver.toHandler();

export const handler = (event: Parameters<typeof handle>[0]) => handle(event, {});
