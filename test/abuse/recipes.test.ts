import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { create } from 'tar';
import { describe, expect } from 'vitest';
import type { JobDescription } from '../../pipeline/core/ports.ts';
import { createFolderArtifactStore } from '../../pipeline/local/folder-artifact-store.ts';
import { processMark } from '../../pipeline/local/process-mark.ts';
import { endpointName } from '../contract/endpoint-host.contract.ts';
import { aConfig, makeEndpointHost } from '../local/endpoint-host-harness.ts';
import { aScriptSpec, makeJobRunner } from '../local/job-runner-harness.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { attack } from './attack.ts';
import { root } from './running-app.ts';

const script = join(import.meta.dirname, 'training/misbehaves.py');
const hasEnded = ({ status }: JobDescription) => status !== 'InProgress' && status !== 'Stopping';

/** Ways to misbehave, in the order in which the script defines them. */
const behaviours = [...readFileSync(script, 'utf8').matchAll(/^def (\w+)\(\)/gm)]
  .map(([, name = '']) => name)
  .filter((name) => !['emit', 'complete', 'sleep', 'main'].includes(name));

/** What only a limit or a stop ends. */
const endless = /many$|deaf|ignores|stops_itself|renames|never_end|without_end|without_newline/;

/** Processes that were started under a mark and have not ended. */
function processesOf(mark: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`MLOPS_PROCESS=${mark}`);
      } catch {
        return false;
      }
    });
}

function within<T>(seconds: number, what: string, work: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const late = delay(seconds * 1000, null, { signal: timer.signal }).then(() => {
    throw new Error(`${what} takes longer than ${seconds} s`);
  });
  late.catch(() => {});
  return Promise.race([work, late]).finally(() => timer.abort());
}

describe('recipes', () => {
  for (const isStopped of [false, true]) {
    attack(
      'recipe train modes',
      isStopped ? 'end when the job is stopped' : 'end by themselves or at the limit of the job',
      async (survives) => {
        const trainingFolder = temporaryFolder();
        copyFileSync(script, join(trainingFolder, 'misbehaves.py'));
        copyFileSync(join(root, 'test/fixtures/training/job.py'), join(trainingFolder, 'job.py'));
        const { runner, until, folder, entries } = makeJobRunner({
          trainingFolder,
          policy: { maxConcurrentJobs: 1, gracePeriodSeconds: 0.3 },
        });
        const mark = processMark(join(folder, 'work'), 'job');
        for (const behaviour of behaviours.filter((each) => !isStopped || endless.test(each))) {
          await survives(behaviour, async () => {
            const job = aScriptSpec(behaviour, {
              script: 'misbehaves.py',
              maxRuntimeSeconds: isStopped ? 60 : 1.5,
            });
            await runner.start(job);
            if (isStopped) {
              await within(
                20,
                'its first step',
                until(job.name, (each) => each.progress !== null),
              );
              await runner.stop(job.name);
            }
            const ended = await within(20, 'its end', until(job.name, hasEnded));
            expect(processesOf(mark)).toEqual([]);
            if (isStopped) expect(ended.status).toBe('Stopped');
            if (!isStopped && endless.test(behaviour)) {
              expect(ended.secondaryStatus).toBe('MaxRuntimeExceeded');
            }
            if (ended.status === 'Failed') expect(ended.failureReason).not.toMatch(/unexpected/);
            const log = (await runner.logs(job.name, 1000)).join('\n');
            expect(log.length).toBeLessThan(2_500_000);
          });
        }
        await survives('the next job', async () => {
          const job = aScriptSpec('completes');
          await runner.start(job);
          expect((await within(20, 'it', until(job.name, hasEnded))).status).toBe('Completed');
          const reported = entries.filter(({ message }) => /followed|stored/.test(message));
          expect(reported).toEqual([]);
        });
      },
      { seconds: 180 },
    );
  }

  const good =
    'def model_fn(folder):\n    return 1\n\n\ndef input_fn(body, content_type):\n    return body\n\n\ndef predict_fn(data, model):\n    return "good"\n\n\ndef output_fn(prediction, accept):\n    return \'{"answer": "good"}\'\n';
  const atImport = (code: string) => `${code}\n${good}`;
  const inFunction = (name: string, code: string) =>
    good.replace(
      new RegExp(`(def ${name}\\(.*\\):\\n).*`),
      (_all, head) => `${head}    ${code.replaceAll('\n', '\n    ')}`,
    );

  /** `serves`: it loads, and an answer may be wrong. Otherwise the deployment must fail. */
  const models: readonly (readonly [string, boolean, string])[] = [
    ['a syntax error', false, 'def ('],
    ['an empty file', false, ''],
    ['a missing function', false, 'def model_fn(folder):\n    return 1\n'],
    ['raises at import', false, atImport('raise RuntimeError("no")')],
    ['exits at import', false, atImport('import sys; sys.exit(0)')],
    ['dies at import', false, atImport('import os; os._exit(0)')],
    ['aborts at load', false, inFunction('model_fn', 'import os; os.abort()')],
    ['raises at load', false, inFunction('model_fn', 'raise MemoryError')],
    ['imports what is not there', false, atImport('import not_there')],
    [
      'prints a ready event itself and dies',
      false,
      atImport('import os; print(\'{"event": "ready", "port": 1}\', flush=True); os._exit(1)'),
    ],
    [
      'leaves a daemon and raises',
      false,
      atImport(
        'import subprocess, sys; subprocess.Popen([sys.executable, "-c", "import time; time.sleep(120)"], start_new_session=True)\nraise RuntimeError("no")',
      ),
    ],
    [
      'leaves a daemon',
      true,
      atImport(
        'import subprocess, sys; subprocess.Popen([sys.executable, "-c", "import time; time.sleep(120)"], start_new_session=True)',
      ),
    ],
    ['ignores SIGTERM', true, inFunction('predict_fn', 'import time; time.sleep(0)\nreturn 1')],
    ['raises when asked', true, inFunction('predict_fn', 'raise RuntimeError("no")')],
    ['dies when asked', true, inFunction('predict_fn', 'import os; os._exit(1)')],
    ['segfaults when asked', true, inFunction('predict_fn', 'import ctypes; ctypes.string_at(0)')],
    ['hangs when asked', true, inFunction('predict_fn', 'import time; time.sleep(120)')],
    [
      'prints without end when asked',
      true,
      inFunction('predict_fn', 'while True: print("x" * 1000)'),
    ],
    ['answers NaN', true, inFunction('output_fn', 'return "NaN"')],
    ['answers no JSON', true, inFunction('output_fn', 'return "<b>"')],
    ['answers nothing', true, inFunction('output_fn', 'return None')],
    ['answers 20 MB', true, inFunction('output_fn', 'return \'"\' + "x" * 20_000_000 + \'"\'')],
    [
      'removes its own folder',
      true,
      inFunction(
        'predict_fn',
        'import shutil, pathlib; shutil.rmtree(pathlib.Path(__file__).parent)\nreturn 1',
      ),
    ],
    [
      'raises an error of 1 MB',
      true,
      inFunction('predict_fn', 'raise ValueError("x" * 1_000_000)'),
    ],
  ];

  attack(
    '`inference.py` modes',
    'fail their deployment or their request, and nothing else',
    async (survives) => {
      const folder = temporaryFolder();
      const trainingFolder = join(folder, 'training');
      cpSync(join(root, 'training'), trainingFolder, { recursive: true });
      const { host, until } = await makeEndpointHost({ folder, trainingFolder, timeoutSeconds: 2 });
      const artifacts = createFolderArtifactStore({ root: join(folder, 'artifacts') });
      const mark = processMark(join(folder, 'work'), 'serve');
      let version = 0;
      async function deploy(code: string) {
        version += 1;
        const key = `models/v${version}/model.tar.gz`;
        const source = join(folder, `source-${version}`);
        mkdirSync(join(source, 'code'), { recursive: true });
        writeFileSync(join(source, 'code', 'inference.py'), code);
        await artifacts.putStream(key, create({ cwd: source, gzip: true }, ['code']));
        const config = aConfig(version, key);
        await host.deploy(config);
        const ended = await within(
          30,
          'the deployment',
          until(({ status }) => status === 'InService' || status === 'Failed'),
        );
        return { isLive: ended.configName === config.configName, reason: ended.failureReason };
      }
      expect((await deploy(good)).isLive).toBe(true);
      for (const [what, serves, code] of models) {
        await survives(what, async () => {
          const { isLive, reason } = await deploy(code);
          expect(isLive, String(reason)).toBe(serves);
          if (!serves) expect(reason).not.toBeNull();
          const body = JSON.stringify({ inputs: ['x'] });
          const asked = within(
            15,
            'an answer',
            host.invoke(endpointName, body, 'application/json'),
          );
          if (serves)
            await asked.catch((error: unknown) => expect(String(error)).not.toMatch(/longer/));
          // What was live before goes on when a deployment has failed.
          else expect(await asked).toContain('good');
          if (serves) expect((await deploy(good)).isLive).toBe(true);
        });
      }
      await survives('nothing of them goes on', async () => {
        await host.close();
        expect(processesOf(mark)).toEqual([]);
      });
    },
    { seconds: 240 },
  );
});
