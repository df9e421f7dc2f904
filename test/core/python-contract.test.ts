import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  evaluationSchema,
  jobEventSchema,
  metricsSchema,
  parseJobEvent,
  prepareReportSchema,
  recipeSchema,
  referenceSchema,
  smokeSchema,
} from '../../pipeline/core/python-contract.ts';
import { evaluationOutputs, trainingOutputs } from '../flow/job-outputs.ts';

const folder = new URL('../../training/schemas/', import.meta.url);
const readJson = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));

const jobEventsSchema = z.array(jobEventSchema);
const contracts = {
  'prepare-report': prepareReportSchema,
  metrics: metricsSchema,
  evaluation: evaluationSchema,
  smoke: smokeSchema,
  reference: referenceSchema,
  recipe: recipeSchema,
  'job-events': jobEventsSchema,
};

function schemaOf(name: string): ValidateFunction {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  return ajv.compile(readJson(`${name}.schema.json`) as object);
}

it('knows every schema and sample that Python keeps', () => {
  const names = Object.keys(contracts).sort();

  expect(readdirSync(folder).filter((name) => name.endsWith('.json'))).toEqual(
    names.map((name) => `${name}.schema.json`),
  );
  expect(readdirSync(new URL('samples/', folder))).toEqual(names.map((name) => `${name}.json`));
});

describe.each(Object.entries(contracts))('%s', (name, zodSchema) => {
  const validate = schemaOf(name);
  const sample = readJson(`samples/${name}.json`);

  it('accepts its sample on both sides', () => {
    expect(validate(sample)).toBe(true);
    expect(zodSchema.safeParse(sample).success).toBe(true);
  });

  it('gives the same verdict on both sides whatever happens to a field that is read', () => {
    // What zod returns has only the fields that TypeScript reads.
    const mutations = pathsOf(zodSchema.parse(sample)).flatMap((path) =>
      replacements.map(([what, replace]) => ({
        path,
        what,
        content: mutate(sample, path, replace),
      })),
    );

    const disagreements = mutations
      .map(({ path, what, content }) => ({
        mutation: `${path.join('.')} ${what}`,
        jsonSchema: validate(content),
        zod: zodSchema.safeParse(content).success,
      }))
      .filter(({ jsonSchema, zod }) => jsonSchema !== zod);
    const refused = mutations.filter(({ content }) => !validate(content));

    expect(disagreements).toEqual([]);
    expect(refused.length).toBeGreaterThan(mutations.length / 2);
  });
});

describe('the outputs of the fake jobs', () => {
  const outputs = {
    ...trainingOutputs(),
    ...evaluationOutputs({ candidate: 0.9, production: 0.8 }),
  };

  it.each(['metrics', 'evaluation', 'smoke'] as const)('follow the schema of %s', (name) => {
    const content: unknown = JSON.parse(outputs[`${name}.json`] ?? '');

    expect(schemaOf(name)(content)).toBe(true);
  });
});

describe('parseJobEvent', () => {
  it.each(readJson('samples/job-events.json') as object[])('reads the line %j', (event) => {
    expect(parseJobEvent(JSON.stringify(event))).toEqual(event);
  });

  it.each([
    'Epoch 1 of 3',
    '{"event": "progress", "step"',
    '{"event": "progress", "step": -1, "total": 5}',
    '{"event": "finished", "step": 5}',
    '{}',
  ])('takes %j for log', (line) => {
    expect(parseJobEvent(line)).toBeNull();
  });
});

type Path = readonly (string | number)[];
type Container = Record<string | number, unknown>;
type Replace = (parent: Container, key: string | number) => void;

const replacements: readonly (readonly [string, Replace])[] = [
  ['is missing', remove],
  ...[null, '', 'text', -1, 1.5, true, [], {}].map((value): [string, Replace] => [
    `is ${JSON.stringify(value)}`,
    (parent, key) => {
      parent[key] = structuredClone(value);
    },
  ]),
];

function remove(parent: Container, key: string | number): void {
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
}

/** The path of every field and element inside a value, at any depth. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const innerPath = [...path, Array.isArray(value) ? Number(key) : key];
    return [innerPath, ...pathsOf(inner, innerPath)];
  });
}

function mutate(content: unknown, path: Path, replace: Replace): unknown {
  const copy = structuredClone(content);
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((inner, key) => (inner as Container)[key], copy) as Container;
  const key = path.at(-1);
  if (key === undefined) throw new Error('the path of a field has at least one part');
  replace(parent, key);
  return copy;
}
