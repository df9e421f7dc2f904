import { runWorld } from './world.ts';

process.on('unhandledRejection', () => {});
let runs = 0;
const c = process.cpuUsage();
for (let seed = 1; seed <= 40; seed++) runs += (await runWorld({ seed, mostRuns: 16 })).runs;
const u = process.cpuUsage(c);
console.log(runs, (u.user + u.system) / 1000 / runs, 'ms CPU per run');
