/** Parts of the page for other pages (a gallery of messages) and for plug-ins. */
export { ask, postJson } from '../api-client.ts';
export { Blocks } from './blocks.tsx';
export { Dialog } from './dialog.tsx';
export { createDirectory, DirectoryProvider, useDirectory } from './directory.tsx';
export { MessageRow } from './message-row.tsx';
export { type PagePlugin, usePluginData } from './plugins.tsx';
export { SurfaceProvider } from './surface.tsx';
export { useTheme } from './theme.ts';
