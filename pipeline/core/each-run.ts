import type { RunQuery, RunStore } from './ports.ts';
import type { Run } from './run.ts';

/** Runs read at once: about 1 MB of records. */
const PAGE = 100;

/** Every run of a query, newest first, read page by page as far as the caller goes. */
export async function* eachRun(
  list: RunStore['list'],
  query: Omit<RunQuery, 'after' | 'limit'>,
  page = PAGE,
): AsyncGenerator<Run> {
  let last: Run | undefined;
  do {
    const after: Pick<RunQuery, 'after'> = last === undefined ? {} : { after: last };
    const found = await list({ ...query, ...after, limit: page });
    yield* found;
    last = found.at(-1);
  } while (last !== undefined);
}
