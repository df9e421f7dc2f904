import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSlackTokens } from '../../bot/adapters/local/slack-tokens.ts';
import { loadManifest, requiredScopes } from '../../bot/slack/manifest.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('docs/slack.md', () => {
  const guide = read('docs/slack.md');

  it('explains exactly the scopes that the bot asks for', () => {
    const rows = [...guide.matchAll(/^\| `([\w:]+)` \| (.+) \|$/gm)].filter(
      ([, name]) => name?.includes(':') || name === 'commands',
    );
    const explained = Object.fromEntries(rows.map(([, name, what]) => [name, what]));

    expect(explained).toEqual({
      ...requiredScopes,
      'connections:write': 'Socket Mode only, on the app-level token: opening the socket',
    });
  });

  it('names files that exist', () => {
    for (const [, path] of guide.matchAll(/\]\(\.\.\/([^)]+)\)/g)) {
      expect(read(path ?? '')).not.toBe('');
    }
  });
});

describe('the manifest for Socket Mode', () => {
  it('is the manifest without addresses, with the socket switched on', () => {
    const { features, settings, ...rest } = loadManifest();
    const { request_url: _events, ...events } = settings.event_subscriptions;
    const { request_url: _clicks, ...interactivity } = settings.interactivity;

    expect(JSON.parse(read('bot/slack/manifest.socket.json'))).toEqual({
      ...rest,
      features: {
        ...features,
        slash_commands: features.slash_commands.map(({ url: _url, ...command }) => command),
      },
      settings: {
        ...settings,
        event_subscriptions: events,
        interactivity,
        socket_mode_enabled: true,
      },
    });
  });
});

describe('the tokens of the environment', () => {
  const both = { SLACK_BOT_TOKEN: ' xoxb-1 ', SLACK_APP_TOKEN: 'xapp-1' };

  it('are none on a machine without Slack', () => {
    expect(readSlackTokens({ SLACK_API_URL: 'http://127.0.0.1:1/api/' })).toBeNull();
  });

  it('are read without the space around them', () => {
    expect(readSlackTokens(both)).toEqual({ botToken: 'xoxb-1', appToken: 'xapp-1' });
    expect(readSlackTokens({ ...both, SLACK_API_URL: 'http://127.0.0.1:1/api' })?.apiUrl).toBe(
      'http://127.0.0.1:1/api/',
    );
  });

  it.each([
    [{ SLACK_BOT_TOKEN: 'xoxb-1' }, 'SLACK_BOT_TOKEN is set, but SLACK_APP_TOKEN is not.'],
    [{ SLACK_APP_TOKEN: 'xapp-1' }, 'SLACK_APP_TOKEN is set, but SLACK_BOT_TOKEN is not.'],
    [{ ...both, SLACK_BOT_TOKEN: 'xoxp-1' }, 'SLACK_BOT_TOKEN is not a bot token'],
    [{ ...both, SLACK_APP_TOKEN: 'xoxb-1' }, 'SLACK_APP_TOKEN is not an app-level token'],
    [{ ...both, SLACK_API_URL: 'slack' }, 'SLACK_API_URL is not an address'],
  ])('%j is one sentence, without the token in it', (environment, sentence) => {
    const read = () => readSlackTokens(environment);

    expect(read).toThrow(sentence);
    expect(read).not.toThrow(/xoxp-1|xapp-1|xoxb-1/);
  });
});
