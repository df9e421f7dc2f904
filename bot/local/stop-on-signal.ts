/** SIGHUP is what a closed terminal or a lost SSH connection sends. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Stops cleanly on the first signal and at once on the second; then the process ends. */
export function stopOnSignal(close: () => Promise<void>): void {
  let stopping = false;
  // Nothing can be printed any more once the terminal is gone.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      // A closing terminal sends it twice: the shell does, and the kernel.
      if (stopping && signal === 'SIGHUP') return;
      if (stopping) process.exit(1);
      stopping = true;
      console.log('\n  Stopping; training is writing a checkpoint …');
      void close().then(() => process.exit(0));
    });
  }
}
