import { spawn } from 'node:child_process';
import { MARK_VARIABLE } from './process-mark.ts';

/** How long a process has to write a checkpoint when the pipeline was killed. */
const GRACE_SECONDS = 20;

/** Reading fails when the pipeline has died: the kernel closes its end of the pipe. */
const script = `
read -r line && exit 0
pid=$1 polls=$2 mark=$3 temporary=$4
kill -s TERM "$pid"
while [ "$polls" -gt 0 ] && kill -s 0 "$pid"; do sleep 0.1; polls=$((polls - 1)); done
kill -s KILL -- "-$pid"
for file in /proc/[0-9]*/environ; do
  tr '\\0' '\\n' <"$file" | grep -qxF "$mark" || continue
  other=\${file#/proc/}
  kill -s KILL "\${other%/environ}"
done
rm -rf "$temporary"
`;

/**
 * Ends a group leader and all that it started as soon as this process has died, even by `kill -9`,
 * and removes its temporary files, by means of a shell that outlives it. Returns the function to
 * call when the leader has ended.
 */
export function watchProcess(options: {
  pid: number;
  mark: string;
  temporaryFolder: string;
}): () => void {
  const { pid, mark, temporaryFolder } = options;
  const variable = `${MARK_VARIABLE}=${mark}`;
  const shell = spawn(
    '/bin/sh',
    ['-c', script, 'sh', `${pid}`, `${GRACE_SECONDS * 10}`, variable, temporaryFolder],
    {
      cwd: '/',
      env: { PATH: '/usr/bin:/bin' },
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    },
  );
  // Without a shell the next start of the pipeline ends the process.
  shell.on('error', () => {});
  shell.stdin.on('error', () => {});
  shell.unref();
  return () => shell.stdin.end('ended\n');
}
