/** What time was spent on, in seconds. */
export interface Span {
  readonly name: string;
  readonly wall: number;
  /** CPU time, of all processes. */
  readonly cpu: number;
}

/**
 * The spans of each bar, one after the other, as a Gantt chart of Mermaid, and below it a table with
 * their figures. The bars have the same spans.
 */
export function drawGantt(title: string, bars: Readonly<Record<string, readonly Span[]>>): string {
  const chart = Object.entries(bars).flatMap(([name, spans]) => [
    `  section ${name}`,
    ...spans.map(({ name: span, wall }, index) => {
      const from = milliseconds(spans.slice(0, index));
      return `  ${span} : ${from}, ${from + Math.round(wall * 1000)}`;
    }),
  ]);
  const [first = []] = Object.values(bars);
  const rows = first.map(({ name }, index) => {
    const figures = Object.values(bars).map((spans) => figuresOf(spans[index]));
    return `| ${name} | ${figures.join(' | ')} |`;
  });
  const names = Object.keys(bars);
  return [
    '```mermaid',
    'gantt',
    `  title ${title}`,
    '  dateFormat x',
    '  axisFormat %M:%S',
    ...chart,
    '```',
    '',
    `| seconds, and seconds of CPU time | ${names.join(' | ')} |`,
    `|---|${names.map(() => '---|').join('')}`,
    ...rows,
  ].join('\n');
}

function milliseconds(spans: readonly Span[]): number {
  return spans.reduce((sum, { wall }) => sum + Math.round(wall * 1000), 0);
}

function figuresOf(span: Span | undefined): string {
  return span === undefined ? '' : `${span.wall.toFixed(2)}, ${span.cpu.toFixed(2)}`;
}
