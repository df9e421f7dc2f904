import { runWorld } from './world.ts';

const [from = '1', count = '20', show = ''] = process.argv.slice(2);
process.on('unhandledRejection', (e) => {
  if (!String(e).includes('ProcessKilled')) console.log('UNHANDLED', e);
});
let runs = 0,
  bad = 0;
const t = performance.now();
const tally = new Map<string, number>();
for (let seed = Number(from); seed < Number(from) + Number(count); seed++) {
  try {
    const r = await runWorld({ seed, mostRuns: 8 });
    runs += r.runs;
    if (r.violations.length > 0) {
      bad++;
      for (const v of r.violations.slice(0, 3)) {
        tally.set(v.invariant, (tally.get(v.invariant) ?? 0) + 1);
        if (show !== 'trace') console.log(seed, v.invariant, v.message.slice(0, 300));
      }
    }
    if (show === 'trace')
      console.log(r.trace.join('\n'), r.disturbances.join('\n'), r.violations, r.outcomes);
  } catch (e) {
    console.log(seed, 'THROWN', e);
  }
}
console.log({ runs, bad, ms: (performance.now() - t) / runs }, tally);
