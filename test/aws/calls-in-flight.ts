/** What all clients of the SDK share. */
interface Client {
  readonly middlewareStack: {
    add(
      middleware: (
        next: (args: unknown) => Promise<unknown>,
        context: { readonly commandName?: string },
      ) => (args: unknown) => Promise<unknown>,
      place: { readonly step: 'initialize'; readonly name: string },
    ): void;
  };
}

/**
 * The calls of services that a function has begun and not awaited. Lambda freezes the environment with
 * the answer, so whatever is in flight then may be lost or done hours later.
 */
export function createCallsInFlight() {
  const inFlight: string[] = [];
  return {
    /** Watches the clients of one function. */
    watch(clients: object): void {
      for (const client of Object.values(clients) as Client[]) {
        client.middlewareStack.add(
          (next, { commandName = 'a call' }) =>
            async (args) => {
              inFlight.push(commandName);
              try {
                return await next(args);
              } finally {
                inFlight.splice(inFlight.indexOf(commandName), 1);
              }
            },
          { step: 'initialize', name: 'callsInFlight' },
        );
      }
    },
    /** Runs a handler; rejects when it answers while a call goes on, or begins one afterwards. */
    async frozenAfter<T>(handle: () => Promise<T>): Promise<T> {
      const answer = await handle();
      const left = [...inFlight];
      // Whatever was scheduled without a call so far shows now.
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
      left.push(...inFlight);
      if (left.length === 0) return answer;
      throw new Error(`It answered and left ${[...new Set(left)].join(', ')} running.`);
    },
  };
}
