import { spawn } from 'node:child_process';

/** Opens an address or a file in the person's browser; no browser is fine. */
export function openInBrowser(target: string): void {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', target]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', target]
        : ['xdg-open', target];
  spawn(command ?? 'xdg-open', args, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}
