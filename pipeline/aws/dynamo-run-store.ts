import type { RunQuery, RunStore } from '../core/ports.ts';
import { deployedVersion, hasEnded, type Run } from '../core/run.ts';
import { createDynamoRecords, type DynamoTable } from './dynamo-records.ts';
import { createdOrder, indexParts, itemKeys, toRunItem } from './dynamo-table.ts';

const DEFAULT_LIMIT = 50;

/**
 * {@link RunStore} in DynamoDB. Reads by id are consistent. A list finds its runs through an index,
 * which may lag by moments, and then reads and filters the records themselves, so what it returns
 * is never old; a run of the last moments may be missing from it.
 */
export function createDynamoRunStore(table: DynamoTable): RunStore {
  const records = createDynamoRecords(table);
  return {
    create: (run) => records.create(toRunItem(run)),
    get: (id) => records.get<Run>(itemKeys.run(id)),
    replace: (run) => records.replace(toRunItem(run)),
    async list(query) {
      const parts = statesOf(query).map((state) => indexParts.runs(state, query.model));
      const { limit = DEFAULT_LIMIT, deployed } = query;
      const having = deployed ? { having: 'deployed' } : {};
      const runs = await records.list<Run>(parts, { limit, ...rangeOf(query), ...having });
      return runs.filter((run) => matches(run, query));
    },
  };
}

/** In terms of `createdOrder`, which begins with the instant and goes on with “#”. */
function rangeOf({ createdFrom, createdBefore, after }: RunQuery) {
  const ends = [
    ...(createdBefore === undefined ? [] : [createdBefore]),
    ...(after === undefined ? [] : [createdOrder(after)]),
  ].sort();
  return { from: createdFrom, before: ends[0] };
}

function statesOf({ ended }: RunQuery): readonly ('active' | 'ended')[] {
  return ended === undefined ? ['active', 'ended'] : [ended ? 'ended' : 'active'];
}

/** The index may say what was so a moment ago. */
function matches(run: Run, { ended, deployed }: RunQuery): boolean {
  return (
    (ended === undefined || hasEnded(run) === ended) &&
    (deployed === undefined || deployedVersion(run) !== null)
  );
}
