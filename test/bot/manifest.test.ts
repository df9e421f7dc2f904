import { describe, expect, it } from 'vitest';
import { aboutRunId } from '../../bot/features/status/about-run.ts';
import { loadManifest, manifest, requiredScopes } from '../../bot/slack/manifest.ts';

describe('the manifest', () => {
  it('asks for exactly the scopes that something needs', () => {
    expect([...manifest.oauth_config.scopes.bot].sort()).toEqual(
      Object.keys(requiredScopes).sort(),
    );
  });

  it('points every address at the one given', () => {
    const { features, settings } = loadManifest('https://bot.example/slack/events');

    expect(features.slash_commands.map(({ url }) => url)).toEqual([
      'https://bot.example/slack/events',
    ]);
    expect(settings.interactivity.request_url).toBe('https://bot.example/slack/events');
    expect(settings.event_subscriptions.request_url).toBe('https://bot.example/slack/events');
  });

  it('has the message shortcut the bot answers', () => {
    const [shortcut] = manifest.features.shortcuts;

    expect(shortcut).toMatchObject({ type: 'message', callback_id: aboutRunId });
    expect(shortcut?.name.length).toBeLessThanOrEqual(24);
    expect(shortcut?.description.length).toBeLessThanOrEqual(150);
  });

  it('keeps Slack’s limits', () => {
    const { name, description, long_description } = manifest.display_information;

    expect(name.length).toBeLessThanOrEqual(35);
    expect(description.length).toBeLessThanOrEqual(140);
    expect(long_description.length).toBeGreaterThanOrEqual(175);
    expect(long_description.length).toBeLessThanOrEqual(4000);
    expect(manifest.features.slash_commands[0]?.usage_hint.length).toBeLessThanOrEqual(1000);
  });
});
