import type { Person, WorkspaceChannel, WorkspaceIdentity, WorkspaceUsergroup } from './types.ts';

/** Whom and what a typed `@name` or `#name` may mean. */
export interface Directory {
  /** Name of the app, which a mention may use too. */
  readonly app: string;
  readonly identity: WorkspaceIdentity;
  readonly people: readonly Person[];
  readonly channels: readonly WorkspaceChannel[];
  readonly usergroups: readonly WorkspaceUsergroup[];
}

/**
 * Turns what a person typed into Slack's message text: `&`, `<` and `>` escaped, so that typed markup stays
 * text, then names and addresses linked.
 */
export function toSlackText(entered: string, directory: Directory): string {
  const escaped = entered.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return escaped
    .replace(/\bhttps?:\/\/[^\s<>|]+[^\s<>|.,;:!?)\]'"]/g, (url) => `<${url}>`)
    .replace(/(^|[\s(])@([\w.-]+)/g, (typed, before: string, name: string) => {
      const link = mention(name, directory);
      return link ? `${before}${link}` : typed;
    })
    .replace(/(^|[\s(])#([\w-]+)/g, (typed, before: string, name: string) => {
      const channel = directory.channels.find((each) => each.name === name);
      return channel ? `${before}<#${channel.id}|${channel.name}>` : typed;
    });
}

/** A slash command's text under `should_escape`: names linked as `<@U1|ada>`, the rest as typed. */
export function toCommandText(entered: string, directory: Directory): string {
  return entered.replace(/(^|\s)@([\w.-]+)/g, (typed, before: string, name: string) => {
    const person = findPerson(name, directory);
    return person ? `${before}<@${person.id}|${person.name}>` : typed;
  });
}

function mention(name: string, directory: Directory): string | undefined {
  const person = findPerson(name, directory);
  if (person) return `<@${person.id}>`;
  if (name.toLowerCase() === directory.app.toLowerCase())
    return `<@${directory.identity.botUserId}>`;
  const group = directory.usergroups.find((each) => each.handle === name);
  return group && `<!subteam^${group.id}|@${group.handle}>`;
}

function findPerson(name: string, directory: Directory): Person | undefined {
  return directory.people.find((each) => each.name === name.toLowerCase());
}
