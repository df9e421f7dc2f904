import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePredictions } from '../../pipeline/core/gate/predictions.ts';
import { readCsv } from '../../pipeline/core/gate/read-csv.ts';

describe('parsePredictions', () => {
  it('reads quoted labels, without production and without an anchor', () => {
    const csv =
      'id,label,candidate,candidate_score,production,production_score\n1,"a, b","a, b",0.9,,\n';

    expect(finish(parsePredictions(csv))).toEqual({
      id: ['1'],
      label: ['a, b'],
      candidate: ['a, b'],
      production: null,
      anchor: null,
      baseline: null,
      scores: { candidate: [0.9], production: null, anchor: null },
    });
  });

  it('knows no scores of a model that has a row without one, or one that is no share', () => {
    const header = 'id,label,candidate,candidate_score,production,production_score\n';

    const { scores } = finish(parsePredictions(`${header}1,a,a,0.9,a,1.5\n2,a,a,0,a,0.5\n`));

    expect(scores).toEqual({ candidate: [0.9, 0], production: null, anchor: null });
    expect(finish(parsePredictions(`${header}1,a,a,,a,\n`))).not.toHaveProperty('scores');
  });

  it('reads the answers of a baseline, with an anchor and without', () => {
    const before = 'id,label,candidate,candidate_score,production,production_score';

    const alone = parsePredictions(`${before},baseline,baseline_score\n1,a,a,0.9,,,b,0.6\n`);
    const beside = parsePredictions(
      `${before},anchor,anchor_score,baseline,baseline_score\n1,a,a,0.9,a,0.8,b,0.7,a,0.6\n`,
    );

    expect(finish(alone)).toMatchObject({ anchor: null, baseline: ['b'] });
    expect(finish(beside)).toMatchObject({ anchor: ['b'], baseline: ['a'] });
  });

  it('reads what the rows belong to, and nothing from a file of before', () => {
    const before = 'id,label,candidate,candidate_score,production,production_score';

    const sliced = parsePredictions(
      `${before},slice:country,"slice:a, b"\n1,a,a,0.9,a,0.8,DE,"x, ""y"""\n2,a,a,0.9,a,0.8,,z\n`,
    );

    expect(finish(sliced).slices).toEqual({ country: ['DE', ''], 'a, b': ['x, "y"', 'z'] });
    expect(finish(parsePredictions(`${before}\n1,a,a,0.9,a,0.8\n`))).not.toHaveProperty('slices');
  });

  it.each([
    ['id,label\n1,a\n', 'no column “candidate”'],
    ['id,label,candidate,production\n', 'no rows'],
    ['', 'no rows'],
    ['id,label,candidate,production\n1,a,a,\n2,a', 'row 3 has 2 fields instead of 4'],
    ['id,label,candidate,production\n1,"a,a,\n', 'a quote is not closed'],
    ['id,label,candidate,production\n1,"a"b,a,\n', 'text follows a closing quote'],
    ['id,label,candidate,production\n1,"a",b"c,\n', 'a quote stands inside a field'],
  ])('says what is wrong with %j', (csv, words) => {
    expect(() => finish(parsePredictions(csv))).toThrow(words);
  });

  it('lets other work happen between chunks of rows', () => {
    const rows = Array.from({ length: 20_000 }, (_, row) => `${row},ham,ham,spam`);
    const reading = parsePredictions(`id,label,candidate,production\n${rows.join('\n')}\n`);

    let pauses = 0;
    while (reading.next().done !== true) pauses += 1;

    expect(pauses).toBe(10);
  });
});

const field = fc.string({ unit: fc.constantFrom('a', 'ß', '😀', ' ', ',', '"', '\n', '\r\n') });

describe('readCsv', () => {
  it('reads what csv-parse reads, however the fields are quoted', () => {
    const table = fc
      .integer({ min: 2, max: 4 })
      .chain((width) => fc.array(fc.array(field, { minLength: width, maxLength: width })));
    const lineEnd = fc.constantFrom('\n', '\r\n');

    fc.assert(
      fc.property(table, lineEnd, fc.boolean(), fc.boolean(), (rows, end, always, closes) => {
        const text = rows.map((row) => row.map((each) => quoted(each, always)).join(',')).join(end);
        const csv = closes ? text + end : text;
        const read: (readonly string[])[] = [];

        finish(readCsv(csv, (fields) => void read.push(fields)));

        expect(read).toEqual(parse(csv, { skip_empty_lines: true, record_delimiter: end }));
        expect(read).toEqual(rows);
      }),
      { numRuns: 500 },
    );
  });
});

function quoted(text: string, always: boolean): string {
  return always || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function finish<T>(reading: Generator<void, T>): T {
  for (;;) {
    const next = reading.next();
    if (next.done === true) return next.value;
  }
}
