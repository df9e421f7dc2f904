/** Who is who, for every component that shows a name. */
import { createContext, useContext } from 'react';
import type { WorkspaceInfo } from '../types.ts';

export interface Member {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly isApp: boolean;
}

export interface Directory {
  readonly info: WorkspaceInfo;
  member(id: string): Member;
  channelName(id: string): string;
  /** A channel as people name it: `#name`, or the app for a direct message. */
  placeName(id: string): string;
  groupName(id: string): string;
}

export function createDirectory(info: WorkspaceInfo): Directory {
  return {
    info,
    member(id) {
      if (id === info.app.botUserId) {
        return { id, name: info.app.name, title: info.app.description, isApp: true };
      }
      if (id === 'USLACKBOT') return { id, name: 'Workspace', title: '', isApp: true };
      const person = info.people.find((each) => each.id === id);
      return {
        id,
        name: person?.realName ?? id,
        title: person?.title ?? '',
        isApp: false,
      };
    },
    channelName: (id) => info.channels.find((each) => each.id === id)?.name ?? id,
    placeName(id) {
      const channel = info.channels.find((each) => each.id === id);
      return channel ? `#${channel.name}` : info.app.name;
    },
    groupName: (id) => info.usergroups.find((each) => each.id === id)?.handle ?? id,
  };
}

const Context = createContext<Directory | null>(null);
export const DirectoryProvider = Context.Provider;

export function useDirectory(): Directory {
  const directory = useContext(Context);
  if (!directory) throw new Error('useDirectory needs a DirectoryProvider above it.');
  return directory;
}
