/** The page's side of plug-ins: components for named places, and the data their servers publish. */
import {
  type ComponentType,
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useState,
} from 'react';
import { ask } from '../api-client.ts';

export interface PagePlugin {
  /** The same as the server side's. */
  readonly name: string;
  /** A section of the sidebar, below the people. */
  readonly SidebarSection?: ComponentType<{ user: string; chooseFile: () => void }>;
  /** What a file dropped anywhere on the page, or chosen by `chooseFile`, opens. */
  readonly fileDrop?: {
    /** Shown while a file hovers over the page. */
    readonly hint: string;
    readonly Dialog: ComponentType<{ file: File | null; user: string; onClose: () => void }>;
  };
}

interface PluginState {
  readonly plugins: readonly PagePlugin[];
  /** What each plug-in published last, by its name. */
  readonly published: Readonly<Record<string, unknown>>;
  /** Counts the connections to the event stream: what was published between two of them is missed. */
  readonly connections: number;
}

const Context = createContext<PluginState>({ plugins: [], published: {}, connections: 0 });

export function PluginProvider(props: PluginState & { children: ReactNode }) {
  const { children, ...state } = props;
  return <Context.Provider value={state}>{children}</Context.Provider>;
}

export function usePlugins(): readonly PagePlugin[] {
  return useContext(Context).plugins;
}

/** What `/plugins/<name>/<path>` answers, until the plug-in's server publishes something newer. */
export function usePluginData<T>(name: string, path: string): T | null {
  const { published, connections } = useContext(Context);
  const [fetched, setFetched] = useState<T | null>(null);
  const newest = published[name] as T | undefined;

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again with every connection.
  useEffect(() => {
    void ask<T>(`/plugins/${name}/${path}`).then(setFetched, () => {});
  }, [name, path, connections]);

  return newest ?? fetched;
}
