// What the bill reads in a synthesised template.
import { MINUTES_A_MONTH } from './prices.ts';

export interface CostTemplate {
  readonly Resources?: Readonly<
    Record<
      string,
      { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> }
    >
  >;
}

/** A metric-maths alarm is billed for each metric in it. */
export function metricsOf(properties: Readonly<Record<string, unknown>> | undefined): number {
  const { Metrics } = properties ?? {};
  if (!Array.isArray(Metrics)) return 1;
  return Metrics.filter((each) => 'MetricStat' in (each as object)).length;
}

/** How often a `rate(…)` expression comes due; other expressions are those of retraining, in `runs`. */
export function timesAMonth(expression: string): number {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (count === undefined || unit === undefined) return 0;
  const minutes = { minute: 1, hour: 60, day: 1_440 }[unit] ?? MINUTES_A_MONTH;
  return MINUTES_A_MONTH / (Number(count) * minutes);
}

/** Every namespace of metrics that alarms and dashboards name. */
export function namespacesIn(templates: readonly CostTemplate[]): ReadonlySet<string> {
  const text = JSON.stringify(
    templates
      .flatMap(({ Resources = {} }) => Object.values(Resources))
      .filter(({ Type }) => Type.startsWith('AWS::CloudWatch::')),
  );
  const ofAlarms = [...text.matchAll(/"Namespace":"([^"]+)"/g)];
  // The body of a dashboard is JSON in JSON: a metric begins with its namespace, a search has it in braces.
  const ofWidgets = [...text.matchAll(/\[\\"([/\w]+)\\",\\"/g)];
  const ofSearches = [...text.matchAll(/SEARCH\('\{([^,}]+),/g)];
  return new Set([...ofAlarms, ...ofWidgets, ...ofSearches].flatMap(([, name]) => name ?? []));
}
