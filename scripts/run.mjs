// `node scripts/run.mjs <entry> [arguments]`: sets everything up, then runs the entry. The npm scripts
// `start`, `demo`, `synth` … are short for it; setup/run-entry.mjs lists the entries.
import { runEntry } from './setup/run-entry.mjs';

const [name = '', ...args] = process.argv.slice(2);
await runEntry(name, args);
