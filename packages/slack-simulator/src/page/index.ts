/** Parts of the page for other pages: a gallery of messages, plug-ins. */
export { Blocks } from './blocks.tsx';
export { createDirectory, DirectoryProvider, useDirectory } from './directory.tsx';
export { MessageRow } from './message-row.tsx';
export { SurfaceProvider } from './surface.tsx';
export { useTheme } from './theme.ts';
