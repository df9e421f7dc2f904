/** A Slack workspace on this machine; README.md says what it reproduces. */
export { bundlePage } from './bundle-page.ts';
export { createWorkspace, type Workspace } from './create-workspace.ts';
export type * from './types.ts';
