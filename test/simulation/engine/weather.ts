import type { Choices } from './choices.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** What can be throttled, down or slow: ports of the pipeline, Slack, and the disk below them. */
const services = [
  'runs',
  'callbacks',
  'leases',
  'ledgers',
  'executions',
  'artifacts',
  'preparer',
  'jobs',
  'registry',
  'endpoints',
  'alerts',
  'audit',
  'bus',
] as const;

/** A service that refuses every call for a while. */
export interface Outage {
  readonly id: string;
  readonly service: string;
  readonly from: number;
  readonly until: number;
}

/** Somebody, or something, sets the clock of the machine forth or back. */
export interface ClockJump {
  readonly id: string;
  readonly at: number;
  readonly by: number;
}

/** How much goes wrong in a world, and when; times in milliseconds since it began. */
export interface Weather {
  /** Chance of one call to fail before it reached its service. */
  readonly refused: number;
  /** Chance of one call to fail although the service did its work. */
  readonly answerLost: number;
  /** Chance of the process to be killed at one call or commit. */
  readonly crash: number;
  /** Chance of one commit to fail for want of space. */
  readonly diskFull: number;
  /** Chances of one event to be lost, to come twice, or to come up to an hour late. */
  readonly events: { readonly lost: number; readonly twice: number; readonly late: number };
  /** Chance of one Slack call to fail, by rate limit, error or lost answer. */
  readonly slack: number;
  readonly outages: readonly Outage[];
  /** Of one machine only: the clocks of AWS are kept right. */
  readonly clockJumps: readonly ClockJump[];
  /** How long it lasts; afterwards everything works. */
  readonly until: number;
}

const calm: Omit<Weather, 'until'> = {
  refused: 0,
  answerLost: 0,
  crash: 0,
  diskFull: 0,
  events: { lost: 0, twice: 0, late: 0 },
  slack: 0,
  outages: [],
  clockJumps: [],
};

/** A fifth of the worlds are calm; the others mix a few kinds of trouble. */
export function drawWeather(
  choices: Choices,
  {
    until,
    isLocal,
    isComparable,
  }: {
    readonly until: number;
    readonly isLocal: boolean;
    /** Leaves out what strikes single calls: where two runs make one at once, engines may swap them. */
    readonly isComparable: boolean;
  },
): Weather {
  const weather = drawAll(choices, { until, isLocal });
  const { events, outages } = weather;
  return isComparable ? { ...calm, until, events, outages } : weather;
}

function drawAll(
  choices: Choices,
  { until, isLocal }: { readonly until: number; readonly isLocal: boolean },
): Weather {
  if (choices.chance('weather: calm', 0.2)) return { ...calm, until };
  const mixed = (label: string, likely: number, most: number) =>
    choices.chance(`weather: ${label}`, likely)
      ? choices.fraction(`weather: how ${label}`) * most
      : 0;
  return {
    refused: mixed('refused', 0.5, 0.04),
    answerLost: mixed('answers lost', 0.5, 0.04),
    crash: mixed('crashing', 0.5, 0.006),
    diskFull: mixed('full', 0.25, 0.01),
    events: {
      lost: mixed('forgetful', 0.4, 0.3),
      twice: mixed('repetitive', 0.4, 0.5),
      late: mixed('late', 0.4, 0.5),
    },
    slack: mixed('without Slack', 0.4, 0.2),
    outages: drawOutages(choices, until),
    clockJumps: isLocal ? drawClockJumps(choices, until) : [],
    until,
  };
}

function drawOutages(choices: Choices, until: number): readonly Outage[] {
  const count = choices.chance('weather: outages', 0.5)
    ? choices.integer('weather: how many outages', 1, 3)
    : 0;
  return Array.from({ length: count }, (_, i) => {
    const service = choices.pick(`service of outage ${i}`, [...services, 'slack']);
    const from = choices.fraction(`start of outage ${i}`) * until;
    const length = choices.pick(`length of outage ${i}`, [
      1000,
      MINUTE,
      20 * MINUTE,
      HOUR,
      6 * HOUR,
    ]);
    return {
      id: `outage ${i} of ${service}`,
      service,
      from,
      until: Math.min(until, from + length),
    };
  }).filter(({ id }) => choices.disturbs(id, 1));
}

function drawClockJumps(choices: Choices, until: number): readonly ClockJump[] {
  const count = choices.chance('weather: the clock is set', 0.3)
    ? choices.integer('weather: how often the clock is set', 1, 3)
    : 0;
  return Array.from({ length: count }, (_, i) => {
    const at = choices.fraction(`when the clock is set ${i}`) * until;
    const by = choices.pick(`by how much the clock is set ${i}`, [
      -HOUR,
      -10 * MINUTE,
      -2000,
      10 * MINUTE,
      HOUR,
    ]);
    return { id: `the clock is set ${i} by ${by / 1000} s`, at, by };
  }).filter(({ id }) => choices.disturbs(id, 1));
}
