import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toRunItem } from '../../pipeline/aws/dynamo-table.ts';
import { MOST_FILES } from '../../pipeline/core/appending.ts';
import { applyEvent } from '../../pipeline/core/apply-event/apply-event.ts';
import type { RunEvent } from '../../pipeline/core/events.ts';
import type { Evaluation } from '../../pipeline/core/python-contract.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { aPrepareReport, runStarted } from '../fakes/samples.ts';
import { orderlyStory } from './orderly-run.ts';

/** DynamoDB takes 400 KB an item, keys and index attributes included. */
const MOST_BYTES = 350_000;

/** As much of everything as a data set, a recipe or a person might bring. */
interface Excess {
  readonly entries: number;
  readonly characters: number;
  readonly letter: string;
}

function excessive({ entries, characters, letter }: Excess) {
  const text = letter.repeat(characters);
  const names = Array.from({ length: entries }, (_, index) => `${text}${index}`);
  const record = <T>(value: T) => Object.fromEntries(names.map((name) => [name, value]));
  const score = { precision: 1 / 3, recall: 1 / 3, f1: 1 / 3, support: 1_000_000 };
  const scores = {
    metrics: record(1 / 3),
    perClass: record(score),
    latency: { p50Milliseconds: 1, p95Milliseconds: 2 },
  };
  const evaluation: Evaluation = {
    schemaVersion: 1,
    rows: 20,
    labels: names,
    candidate: scores,
    production: scores,
    baseline: {
      name: `x${text}`,
      rows: { used: 1, available: 1 },
      fitted: { metrics: record(1 / 3), seconds: 1 },
      reason: text,
      majority: { label: text, metrics: record(1 / 3) },
    },
  };
  const problem = { code: 'a', message: text };
  return { text, names, record, evaluation, problem };
}

/** As many files as are appended, under the longest names that the inbox takes. */
const aFile = {
  key: `datasets/${'m'.repeat(20)}/0123456789ab/${'x'.repeat(196)}.csv`,
  fileName: `${'x'.repeat(196)}.csv`,
  version: '0123456789ab',
  bytes: 100_000_000,
};
const manyFiles = { ...aFile, files: Array.from({ length: MOST_FILES }, () => aFile) };

/** The event with the same meaning and much more in it. */
function inflate(event: RunEvent, excess: ReturnType<typeof excessive>): RunEvent {
  const { text, names, record, evaluation, problem } = excess;
  switch (event.type) {
    case 'RunStarted':
      return {
        ...event,
        reason: text,
        commit: text,
        hyperparameters: record(text),
        dataset: manyFiles,
      };
    case 'DatasetPrepared':
      return {
        ...event,
        report: aPrepareReport({
          sources: manyFiles.files.map(({ fileName, bytes }) => ({
            name: fileName,
            bytes,
            sha256: 'a'.repeat(64),
            rows: { read: 1_000_000, kept: 1_000_000 },
          })),
          labels: record(1_000_000),
          columns: names,
          warnings: names.map(() => ({ ...problem, rows: [1, 2] })),
          errors: names.map(() => ({ ...problem, row: 1, column: text, hint: text })),
        }),
        changes: {
          against: 1,
          action: 'ask',
          // One of each kind.
          changes: Array.from(
            { length: 7 },
            () => ({ kind: 'labels', action: 'ask', isMinor: false, reason: text }) as const,
          ),
        },
      };
    case 'TrainingCompleted':
      return {
        ...event,
        metrics: {
          ...event.metrics,
          metrics: record(1 / 3),
          baseModel: text,
          hyperparameters: record(text),
          versions: record(text),
          resumedFromSteps: names.map((_, index) => index),
        },
      };
    case 'EvaluationCompleted':
      return { ...event, evaluation };
    case 'GateDecided': {
      const checks = names.map(
        () => ({ name: 'per_class', outcome: 'pass', reason: text }) as const,
      );
      return { ...event, verdict: { ...event.verdict, checks } };
    }
    case 'DecisionRecorded':
      return { ...event, decision: { ...event.decision, reason: text } };
    case 'VersionDeployed':
      return { ...event, example: { contentType: 'application/json', body: text } };
    case 'RunEnded':
      return { ...event, failure: { code: 'UNEXPECTED', message: text, hint: text } };
    default:
      return event;
  }
}

/** The whole run, between other events that may repeat without end. */
function play(much: Excess, repeated: readonly RunEvent[]): Run {
  const excess = excessive(much);
  let run: Run | null = null;
  for (const event of [runStarted(), ...orderlyStory]) {
    run = applyEvent(run, inflate(event, excess));
    for (const each of repeated) run = applyEvent(run, each);
  }
  if (run === null) throw new Error('The run did not start.');
  return run;
}

const runId = 'spam-aaaaaaaa';
const at = '2026-11-22T09:30:00.000Z';

function repeatedEvents(count: number): readonly RunEvent[] {
  const jobName = `${runId}-train-1`;
  return Array.from({ length: count }, (_, index): readonly RunEvent[] => [
    { type: 'TrainingInterrupted', runId, at, jobName, atStep: index, count: index + 1 },
    { type: 'TrainingResumed', runId, at, jobName, fromStep: index, count: index + 1 },
    {
      type: 'JobEnded',
      runId,
      at,
      usage: {
        jobName: `${jobName}-${index}`,
        kind: 'train',
        instanceType: 'ml.g4dn.xlarge',
        spot: true,
        running: 1 / 3,
        billable: 1 / 3,
      },
    },
  ]).flat();
}

describe('the record of a run', () => {
  it('stays below 350 KB, whatever its events carry and in any number', () => {
    const excesses = fc.record({
      entries: fc.constantFrom(0, 1, 20, 500, 3_000),
      characters: fc.constantFrom(0, 10, 64, 1_000),
      letter: fc.constantFrom('a', '"', '\u0000', 'ü', '漢', '🚀'),
    });
    let largest = 0;

    fc.assert(
      fc.property(excesses, fc.constantFrom(0, 3, 300), (excess, times) => {
        fc.pre(excess.entries * excess.characters <= 200_000);
        const item = Object.entries(toRunItem(play(excess, repeatedEvents(times))));
        // As DynamoDB counts: names and values, a text in UTF-8.
        const bytes = Buffer.byteLength(item.flat().join(''));
        largest = Math.max(largest, bytes);
        return bytes < MOST_BYTES;
      }),
      { numRuns: 40 },
    );

    expect(largest).toBeGreaterThan(50_000);
  });

  it('keeps the classes with the most rows, of both models the same', () => {
    const perClass = Object.fromEntries(
      Array.from({ length: 3_000 }, (_, index) => [
        `class-${index}`,
        { precision: 0.5, recall: 0.5, f1: 0.5, support: index },
      ]),
    );
    const { evaluation } = excessive({ entries: 1, characters: 1, letter: 'a' });
    const scores = { ...evaluation.candidate, perClass };
    const event = orderlyStory.find(({ type }) => type === 'EvaluationCompleted');
    if (event?.type !== 'EvaluationCompleted') throw new Error('There is no evaluation.');
    const many = {
      ...evaluation,
      labels: Object.keys(perClass),
      candidate: scores,
      production: scores,
    };

    const run = [runStarted(), ...orderlyStory]
      .map((each) => (each === event ? { ...event, evaluation: many } : each))
      .reduce<Run | null>(applyEvent, null);

    const kept = Object.keys(run?.evaluation?.candidate.perClass ?? {});
    expect(kept.length).toBeGreaterThan(300);
    expect(kept).toEqual(Object.keys(perClass).slice(-kept.length));
    expect(Object.keys(run?.evaluation?.production?.perClass ?? {})).toEqual(kept);
    expect(run?.evaluation?.labels.every((label) => kept.includes(label))).toBe(true);
  });
});
