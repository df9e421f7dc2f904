import { spawn } from 'node:child_process';

/** Opens a URL or a file in the default browser; does nothing where there is none. */
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
