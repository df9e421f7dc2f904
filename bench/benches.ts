import type { Bench } from './bench.ts';

/** Every bench by its name; a module is loaded only when its bench runs. */
export const benches: Readonly<Record<string, () => Promise<{ readonly bench: Bench }>>> = {
  'slack-door': () => import('./slack-door.ts'),
  'durable-engine': () => import('./durable-engine.ts'),
  memory: () => import('./memory.ts'),
  serving: () => import('./serving.ts'),
  history10k: () => import('./history10k.ts'),
  'text-quality': () => import('./text-quality.ts'),
  'first-verdict': () => import('./first-verdict.ts'),
  gate: () => import('./gate.ts'),
  drift: () => import('./drift.ts'),
  'time-left': () => import('./time-left.ts'),
  orchestration: () => import('./orchestration.ts'),
};
