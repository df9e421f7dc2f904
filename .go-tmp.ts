import { createReadStream, readFileSync } from 'node:fs';
import { openDatabase } from '/work/main/pipeline/local/database.ts';
import { createFolderArtifactStore } from '/work/main/pipeline/local/folder-artifact-store.ts';
import { createLocalJobRunner } from '/work/main/pipeline/local/job-runner/local-job-runner.ts';
import { createLocalEndpointHost } from '/work/main/pipeline/local/endpoint-host/local-endpoint-host.ts';
import { createPythonDatasetPreparer } from '/work/main/pipeline/local/python-dataset-preparer.ts';
const artifacts = createFolderArtifactStore({ root: '/tmp/real/art' });
const database = openDatabase('/tmp/real/db');
const common = { artifacts, database, workFolder: '/tmp/real/work', python: '/work/main/.venv/bin/python', trainingFolder: '/work/main/training', environment: process.env, clock: { now: () => new Date() }, log: console.error };
const t0 = Date.now(); const lap = (s: string) => console.log(s, Date.now() - t0);
await artifacts.putStream('datasets/t/v/tumour-1.csv', createReadStream('/tmp/real/tumour-1.csv'));
const prep = createPythonDatasetPreparer(common);
const rep = await prep.prepare({ inputKey: 'datasets/t/v/tumour-1.csv', fileName: 'tumour-1.csv', outputPrefix: 'runs/r/prepared/', task: 'tabular-classification', labelColumn: 'label', textColumn: null });
lap('prepared ' + rep.status + JSON.stringify(rep.split));
const waiters: (() => void)[] = [];
const jobs = createLocalJobRunner({ ...common, policy: { maxConcurrentJobs: 1, capacityWaitSeconds: 1, gracePeriodSeconds: 20 }, onChange: () => waiters.forEach((w) => w()) });
const until = (name: string) => new Promise<any>((res) => { const w = async () => { const d = await jobs.describe(name); if (d && !['InProgress','Stopping'].includes(d.status)) res(d); }; waiters.push(w); w(); });
for (const n of [1, 2]) {
  await jobs.start({ name: `r-train-${n}`, kind: 'train', runId: 'r', model: 't', script: 'recipes/tabular/train.py', recipe: 'tabular', channels: { train: 'runs/r/prepared/train.jsonl', validation: 'runs/r/prepared/validation.jsonl' }, hyperparameters: {}, outputPrefix: 'runs/r/jobs/', checkpointPrefix: `runs/r/ck${n}/`, instanceType: 'x', spot: true, maxRuntimeSeconds: 600, maxWaitSeconds: 900 });
  const d = await until(`r-train-${n}`); lap(JSON.stringify(d)); if (d.status !== 'Completed') console.log(await jobs.logs(`r-train-${n}`, 50));
}
await jobs.start({ name: 'r-evaluate-1', kind: 'evaluate', runId: 'r', model: 't', script: 'evaluate_model.py', recipe: 'tabular', channels: { test: 'runs/r/prepared/test.jsonl', candidate: 'runs/r/jobs/r-train-1/output/model.tar.gz' }, hyperparameters: {}, outputPrefix: 'runs/r/jobs/', checkpointPrefix: null, instanceType: 'x', spot: true, maxRuntimeSeconds: 600, maxWaitSeconds: 900 });
const e = await until('r-evaluate-1'); lap(JSON.stringify(e)); console.log(await artifacts.list('runs/r/jobs/'), await jobs.logs('r-evaluate-1', 20));
const ep = new Promise<void>((res) => { (globalThis as any).done = res; });
const host = await createLocalEndpointHost({ ...common, port: 8765, onChange: async (n) => { const d = await host.describe(n); lap(JSON.stringify(d)); if (d?.status === 'InService' || d?.status === 'Failed') (globalThis as any).done(); } });
await host.deploy({ endpointName: 't', configName: 't-v1-aaaaaaaa', model: 't', version: 1, artifactKey: 'runs/r/jobs/r-train-1/output/model.tar.gz', recipe: 'tabular', memoryMB: 2048, maxConcurrency: 5 });
await ep;
const smoke = await jobs.output('r-evaluate-1', 'smoke.json');
const req = smoke ? JSON.parse(new TextDecoder().decode(smoke)).requests[0] : null;
if (req) { lap('expected ' + JSON.stringify(req.expected).slice(0, 200)); lap('got      ' + (await host.invoke('t', req.body, req.contentType)).slice(0, 200));
 const s = Date.now(); for (let i = 0; i < 200; i++) await host.invoke('t', req.body, req.contentType); lap('200 invokes ' + (Date.now() - s)); }
const c = Date.now(); await host.close(); await jobs.close(); lap('closed in ' + (Date.now() - c));
