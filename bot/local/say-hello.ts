import type { Config } from '../../pipeline/core/config.ts';
import type { Pipeline } from '../../pipeline/core/pipeline.ts';
import type { SlackIdentity } from '../adapters/local/real-slack.ts';
import type { Announcer } from '../announcer/announcer.ts';

/**
 * The only message of a first start in a real workspace: what was found, and what is missing. None
 * where runs exist already, as after an upgrade; once per workspace.
 */
export async function sayHello(
  announcer: Pick<Announcer, 'tell'>,
  pipeline: Pick<Pipeline, 'listRuns'>,
  about: { readonly config: Pick<Config, 'models'>; readonly identity: SlackIdentity },
): Promise<void> {
  const { config, identity } = about;
  if ((await pipeline.listRuns({ limit: 1 })).length > 0) return;
  const models = Object.keys(config.models);
  // Not awaited: it is tried again until Slack takes it, and the start goes on meanwhile.
  void announcer.tell({ key: 'hello', kind: 'hello', models, missing: identity.missing });
}
