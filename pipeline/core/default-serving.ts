/** How models are served unless the configuration says otherwise. */
export const defaultServing = { memoryMB: 2048, maxConcurrency: 5 } as const;
