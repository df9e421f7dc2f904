import type { Clock } from '../../pipeline/core/ports.ts';

/** Whether this workspace shows charts: Slack brings them to workspaces and plans one by one. */
export interface ChartSupport {
  /** True for a while after a refusal; then a chart is tried once more. */
  isRefused(): boolean;
  onRefused(because: string): void;
  onAccepted(): void;
}

const TRY_AGAIN_MILLISECONDS = 3_600_000;

/** Remembered for as long as the process lives, and logged once. */
export function createChartSupport(options: {
  clock: Clock;
  log: (line: string) => void;
}): ChartSupport {
  const { clock, log } = options;
  let refusedUntil: number | null = null;
  const now = () => clock.now().getTime();
  return {
    isRefused: () => refusedUntil !== null && now() < refusedUntil,
    onRefused(because) {
      if (refusedUntil === null) {
        log(
          `This Slack refuses charts (${because}). Messages go without them, with the figures in words.`,
        );
      }
      refusedUntil = now() + TRY_AGAIN_MILLISECONDS;
    },
    onAccepted() {
      refusedUntil = null;
    },
  };
}
