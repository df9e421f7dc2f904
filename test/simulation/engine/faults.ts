import type { Choices } from './choices.ts';
import type { CallFaults, CommitFaults } from './life.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { Weather } from './weather.ts';

/** How a service says that it is down or throttled: an error of its SDK, not one of ours. */
class ServiceTrouble extends Error {
  constructor(name: 'ThrottlingException' | 'TimeoutError', message: string) {
    super(message);
    this.name = name;
  }
}

/** Locally these are calls into the process itself and its database, which refuse nothing. */
const withinProcess = [
  'runs',
  'callbacks',
  'leases',
  'ledgers',
  'executions',
  'registry',
  'alerts',
  'audit',
  'bus',
];

export interface Faults {
  readonly calls: CallFaults;
  readonly commits: CommitFaults;
  /** What becomes of one delivery of an event: its delays in milliseconds, none when it is lost. */
  deliveries(label: string): readonly number[];
  /** How Slack fails one call; null when it works. */
  slack(method: string): 'rate_limited' | 'down' | 'answer_lost' | null;
}

/** Turns the weather into single faults; `crash` kills the present process. */
export function createFaults(options: {
  readonly choices: Choices;
  readonly time: VirtualTime;
  readonly weather: Weather;
  /** On one machine instead of AWS: calls within the process fail only with it. */
  readonly isLocal: boolean;
  readonly crash: () => void;
}): Faults {
  const { choices, time, weather, isLocal, crash } = options;
  const isWithin = (service: string) => isLocal && withinProcess.includes(service);
  const isOver = () => time.elapsed() >= weather.until;
  const isDown = (service: string) =>
    weather.outages.some(
      (outage) =>
        outage.service === service &&
        time.elapsed() >= outage.from &&
        time.elapsed() < outage.until,
    );

  function maybeCrash(when: string): void {
    if (choices.disturbs(`crash ${when}`, weather.crash)) crash();
  }

  return {
    calls: {
      before(name) {
        if (isOver()) return;
        const [service = ''] = name.split('.');
        if (isWithin(service)) return maybeCrash(`before ${name}`);
        if (isDown(service)) throw new ServiceTrouble('ThrottlingException', 'Rate exceeded');
        maybeCrash(`before ${name}`);
        if (choices.disturbs(`${name} is refused`, weather.refused)) {
          throw new ServiceTrouble('ThrottlingException', 'Rate exceeded');
        }
      },
      after(name) {
        if (isOver()) return;
        maybeCrash(`after ${name}`);
        if (isWithin(name.split('.')[0] ?? '')) return;
        if (choices.disturbs(`answer of ${name} is lost`, weather.answerLost)) {
          throw new ServiceTrouble('TimeoutError', 'The answer did not arrive in time');
        }
      },
    },
    commits: {
      before() {
        if (isOver()) return;
        maybeCrash('before a commit');
        if (choices.disturbs('disk full', weather.diskFull)) {
          throw new Error('SQLITE_FULL: database or disk is full');
        }
      },
      after() {
        if (!isOver()) maybeCrash('after a commit');
      },
    },
    deliveries(label) {
      if (isOver() || (isLocal && label === 'event of the bus')) return [50];
      const { lost, twice, late } = weather.events;
      if (choices.disturbs(`${label} is lost`, lost)) return [];
      const delay = choices.disturbs(`${label} is late`, late)
        ? choices.fraction(`${label}: how late`) * 3_600_000
        : 50;
      return choices.disturbs(`${label} comes twice`, twice)
        ? [delay, choices.fraction(`${label}: the second one`) * 3_600_000]
        : [delay];
    },
    slack(method) {
      if (isOver()) return null;
      if (isDown('slack')) return 'down';
      if (!choices.disturbs(`Slack fails ${method}`, weather.slack)) return null;
      return choices.pick(`how Slack fails ${method}`, ['rate_limited', 'down', 'answer_lost']);
    },
  };
}
