/** Rows of a collection in the order of their ids, found by a field without reading them all. */
import type { Row } from './journaled-store.ts';

export interface IndexedRows {
  readonly size: number;
  get(id: number): Row | undefined;
  all(): Row[];
  put(row: Row): void;
  delete(id: number): void;
  /** Rows whose field has that value, by id. */
  with(field: string, value: unknown): readonly Row[];
}

/** `rows` by id, ascending. The index of a field is made when it is first asked for. */
export function createIndexedRows(rows: Map<number, Row>): IndexedRows {
  const indexes = new Map<string, Map<unknown, Row[]>>();

  function indexOf(field: string): Map<unknown, Row[]> {
    const known = indexes.get(field);
    if (known !== undefined) return known;
    const made = new Map<unknown, Row[]>();
    indexes.set(field, made);
    for (const row of rows.values()) bucketOf(made, row[field]).push(row);
    return made;
  }

  return {
    get size() {
      return rows.size;
    },
    get: (id) => rows.get(id),
    all: () => [...rows.values()],
    put(row) {
      const before = rows.get(row.id);
      rows.set(row.id, row);
      for (const [field, index] of indexes) {
        if (before !== undefined && before[field] !== row[field]) remove(index, field, before);
        const bucket = bucketOf(index, row[field]);
        const place = placeOf(bucket, row.id);
        const isThere = bucket[place]?.id === row.id;
        bucket.splice(place, isThere ? 1 : 0, row);
      }
    },
    delete(id) {
      const row = rows.get(id);
      if (row === undefined) return;
      rows.delete(id);
      for (const [field, index] of indexes) remove(index, field, row);
    },
    with: (field, value) => indexOf(field).get(value) ?? [],
  };
}

function bucketOf(index: Map<unknown, Row[]>, value: unknown): Row[] {
  const known = index.get(value);
  if (known !== undefined) return known;
  const made: Row[] = [];
  index.set(value, made);
  return made;
}

function remove(index: Map<unknown, Row[]>, field: string, row: Row): void {
  const bucket = bucketOf(index, row[field]);
  const place = placeOf(bucket, row.id);
  if (bucket[place]?.id === row.id) bucket.splice(place, 1);
  if (bucket.length === 0) index.delete(row[field]);
}

/** Where the id is, or would be; a new row is usually the last. */
function placeOf(bucket: readonly Row[], id: number): number {
  let low = 0;
  let high = bucket.length;
  if ((bucket.at(-1)?.id ?? 0) < id) return high;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((bucket[middle]?.id ?? 0) < id) low = middle + 1;
    else high = middle;
  }
  return low;
}
