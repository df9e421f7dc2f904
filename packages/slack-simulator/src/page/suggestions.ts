import type { WorkspaceInfo } from '../types.ts';

/** One line of the composer's suggestions; `insert` replaces the whole entry. */
export interface Suggestion {
  readonly key: string;
  readonly label: string;
  readonly detail: string;
  readonly insert: string;
}

/** What may complete the entry: commands, what a command's usage hint lists, and names after `@`. */
export function suggest(entry: string, info: WorkspaceInfo): readonly Suggestion[] {
  if (entry.startsWith('/') && !entry.includes('\n')) return commandSuggestions(entry, info);
  const mention = /(^|\s)@([\w.-]*)$/.exec(entry);
  return mention ? nameSuggestions(entry, mention[2] ?? '', info) : [];
}

function commandSuggestions(entry: string, info: WorkspaceInfo): readonly Suggestion[] {
  const [name = '', ...rest] = entry.split(' ');
  const known = info.commands.find(({ command }) => command === name);
  if (known && rest.length > 0) {
    const typed = rest.join(' ').toLowerCase();
    return usages(known.usage_hint)
      .filter((usage) => usage.toLowerCase().startsWith(typed) && usage !== typed)
      .map((usage) => ({
        key: usage,
        label: `${name} ${usage}`,
        detail: '',
        insert: `${name} ${verbsOf(usage)}`,
      }));
  }
  return info.commands
    .filter(({ command }) => command.startsWith(name))
    .map(({ command, description = '', usage_hint = '' }) => ({
      key: command,
      label: `${command} ${usage_hint}`.trim(),
      detail: description,
      insert: `${command} `,
    }));
}

/** A usage hint such as `status | deploy <name>` or `[status|ask …]` as its alternatives. */
function usages(hint = ''): readonly string[] {
  const bare = /^\[[^[\]]*\]$/.test(hint) ? hint.slice(1, -1) : hint;
  const parts = bare.split('|').map((part) => part.trim());
  return parts.length > 1 ? parts.filter((part) => part !== '') : [];
}

/** The literal words of a usage; what is in brackets is for the person to type. */
function verbsOf(usage: string): string {
  const words = usage.split(' ');
  const first = words.findIndex((word) => /[<[{…]/.test(word));
  return first === -1 ? usage : `${words.slice(0, first).join(' ')} `;
}

function nameSuggestions(entry: string, typed: string, info: WorkspaceInfo): Suggestion[] {
  const names = [
    ...info.people.map(({ name, realName }) => ({ name, detail: realName })),
    { name: info.app.name, detail: 'App' },
    ...info.usergroups.map(({ handle, name }) => ({ name: handle, detail: name })),
  ];
  return names
    .filter(({ name }) => name.toLowerCase().startsWith(typed.toLowerCase()))
    .map(({ name, detail }) => ({
      key: `@${name}`,
      label: `@${name}`,
      detail,
      insert: `${entry.slice(0, entry.length - typed.length)}${name} `,
    }));
}
