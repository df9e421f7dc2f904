import { describe, expect, it } from 'vitest';
import { compareData } from '../../pipeline/core/data-contract/compare-data.ts';
import { dataPolicySchema } from '../../pipeline/core/data-contract/data-policy.ts';
import { type DataProfile, profileOf } from '../../pipeline/core/data-contract/data-profile.ts';
import { judgeData } from '../../pipeline/core/data-contract/judge-data.ts';
import type { PrepareReport } from '../../pipeline/core/python-contract.ts';
import { aReportOf, type RowRanges } from '../fakes/data-rows.ts';
import { aConfig } from '../flow/world.ts';

const limits = dataPolicySchema.parse({});

function aProfile(ranges: RowRanges, overrides: Partial<PrepareReport> = {}): DataProfile {
  const profile = profileOf(aReportOf(ranges, overrides));
  if (profile === null) throw new Error('The report has no profile.');
  return profile;
}

const mails: RowRanges = { ham: [0, 600], spam: [600, 1000] };
const changes = (now: DataProfile) => compareData(aProfile(mails), now, limits);

describe('the difference of two datasets', () => {
  it('is none when the second has the same rows and a few more', () => {
    expect(changes(aProfile({ ham: [0, 600], spam: [600, 1010] }))).toEqual([]);
  });

  it('names renamed labels, with the rows that show it', () => {
    expect(changes(aProfile({ HAM: [0, 600], SPAM: [600, 1000] }))).toEqual([
      {
        kind: 'labels',
        isMinor: false,
        reason:
          'Labels “ham”, “spam” became “HAM”, “SPAM”: 600 rows moved from “ham” to “HAM”, 400 rows moved from “spam” to “SPAM”.',
      },
    ]);
  });

  it('says that nothing shows whether other labels of other rows mean the same', () => {
    const [labels] = changes(aProfile({ '0': [2000, 2600], '1': [2600, 3000] }));

    expect(labels?.reason).toBe(
      'Labels “ham”, “spam” became “0”, “1”; no row is in both datasets to show whether they mean the same.',
    );
  });

  it('names new and lost labels with their rows', () => {
    const added = changes(aProfile({ ...mails, phishing: [1000, 1050] }));
    const gone = compareData(
      aProfile({ ...mails, phishing: [1000, 1050] }),
      aProfile(mails),
      limits,
    );

    expect(added.map(({ reason }) => reason)).toEqual(['Label “phishing” is new (50 rows).']);
    expect(gone.map(({ reason }) => reason)).toEqual([
      'Label “phishing” is gone (50 rows before).',
    ]);
  });

  it('counts rows that moved from one label to another', () => {
    const found = changes(aProfile({ ham: [0, 700], spam: [700, 1000] }));

    expect(found).toContainEqual({
      kind: 'relabelled',
      isMinor: false,
      reason: '100 rows moved from “spam” to “ham”: 10 % of the rows that both datasets have.',
    });
  });

  it('only mentions a few corrected labels', () => {
    expect(changes(aProfile({ ham: [0, 610], spam: [610, 1000] }))).toEqual([
      {
        kind: 'relabelled',
        isMinor: true,
        reason: '10 rows moved from “spam” to “ham”: 1 % of the rows that both datasets have.',
      },
    ]);
  });

  it('estimates moved rows from a sample', () => {
    const half = (profile: DataProfile): DataProfile => ({
      ...profile,
      sample: { below: '800000000000', rows: profile.sample.rows },
    });
    const found = compareData(
      half(aProfile(mails)),
      half(aProfile({ ham: [0, 700], spam: [700, 1000] })),
      limits,
    );

    expect(found[0]?.reason).toContain('About 200 rows moved from “spam” to “ham”: 10 %');
  });

  it('says how much smaller a dataset is, and when it is only the new part', () => {
    const part = changes(aProfile({ ham: [5000, 5180], spam: [5180, 5300] }));
    const subset = changes(aProfile({ ham: [0, 480], spam: [680, 1000] }));

    expect(part).toContainEqual({
      kind: 'shrank',
      isMinor: false,
      reason:
        'The dataset shrank from 1,000 to 300 rows (−70 %), and hardly any of them was in it before: is this only the new part?',
    });
    expect(subset).toEqual([
      {
        kind: 'shrank',
        isMinor: true,
        reason: 'The dataset shrank from 1,000 to 800 rows (−20 %).',
      },
    ]);
  });

  it('names shares that moved by more than the limit and more than chance', () => {
    const many = changes(aProfile({ ham: [0, 600], spam: [600, 1600] }));
    const few = compareData(
      aProfile({ ham: [0, 12], spam: [12, 20] }),
      aProfile({ ham: [0, 12], spam: [12, 26] }),
      limits,
    );

    expect(many.map(({ reason }) => reason)).toEqual(['“ham” is 38 % of the rows, before 60 %.']);
    expect(few).toEqual([]);
  });

  it('names columns that came or went, and texts of another length', () => {
    const found = changes(
      aProfile(mails, {
        columns: ['text', 'label', 'source'],
        profile: {
          textLength: { lower: 90, median: 240, upper: 400 },
          sample: aProfile(mails).sample,
        },
      }),
    );

    expect(found.map(({ reason }) => reason)).toEqual([
      'Column “source” is new.',
      'Texts are longer: half of them have at most 240 characters, before 100.',
    ]);
  });
});

describe('what follows from a difference', () => {
  const people = aConfig().models.spam;
  const automatic = aConfig({ approval: { mode: 'auto' } }).models.spam;
  const judged = (config: typeof people, now: DataProfile, isAccepted = false) => {
    if (config === undefined) throw new Error('There is no model spam.');
    return judgeData({ config, against: 1, before: aProfile(mails), now, isAccepted })?.action;
  };
  const renamed = aProfile({ HAM: [0, 600], SPAM: [600, 1000] });
  const shrunk = aProfile({ ham: [0, 180], spam: [600, 720] });

  it.each([
    ['renamed labels', renamed, { people: 'ask', accepted: 'ask', automatic: 'stop' }],
    ['a shrunk dataset', shrunk, { people: 'stop', accepted: 'ask', automatic: 'stop' }],
  ])('is decided by the policy, the approval and a person, for %s', (_, now, expected) => {
    expect({
      people: judged(people, now),
      accepted: judged(people, now, true),
      automatic: judged(automatic, now),
    }).toEqual(expected);
    expect(judged(automatic, now, true)).toBe('continue');
  });

  it('is nothing for other columns of a text model, and people for a feature', () => {
    const now = aProfile(mails, { columns: ['text', 'label', 'source'] });
    const tabular = aConfig({ task: 'tabular-classification' }).models.spam;

    expect(judged(people, now)).toBe('continue');
    expect(judged(tabular, now)).toBe('ask');
  });
});

describe('empty cells', () => {
  const table = (missing: Record<string, number> | null, size = 1000) => {
    const profile = aProfile({ low: [0, size] });
    return { ...profile, columns: ['age', 'size', 'label'], missing };
  };
  const compare = (before: DataProfile, now: DataProfile) => compareData(before, now, limits);

  it('are mentioned where a column has more or fewer of them, and ask nobody', () => {
    expect(compare(table({ age: 0.01 }), table({ age: 0.12, size: 0.2 }))).toEqual([
      {
        kind: 'missing',
        isMinor: true,
        reason: 'Empty cells: “size” 20 %, before 0 %; “age” 12 %, before 1 %.',
      },
    ]);
    expect(compare(table({ age: 0.3 }), table({}))[0]?.reason).toBe(
      'Empty cells: “age” 0 %, before 30 %.',
    );
  });

  it.each([
    ['hardly more of them', table({ age: 0.01 }), table({ age: 0.04 })],
    ['more in a few rows', table({ age: 0 }, 30), table({ age: 0.1 }, 30)],
    ['a new column of them', table({}), { ...table({ other: 0.4 }) }],
    ['a profile from before', { ...aProfile({ low: [0, 1000] }) }, table({ age: 0.4 })],
    ['texts', table(null), table(null)],
  ])('are not mentioned for %s', (_what, before, now) => {
    expect(compare(before, now).filter(({ kind }) => kind === 'missing')).toEqual([]);
  });
});
