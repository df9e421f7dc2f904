// The process of one bench: started by run.ts with its name, sends the figures and ends.
import { benches } from './benches.ts';

const loaded = await benches[process.argv[2] ?? '']?.();
if (loaded === undefined) throw new Error(`There is no bench “${process.argv[2]}”.`);
process.send?.(await loaded.bench.run(), () => process.exit(0));
