import {
  currentStage,
  hasEnded,
  type Outcome,
  type Run,
  type StageName,
} from '../../pipeline/core/run.ts';
import { percent } from './format.ts';

/** The state of a run in one short sentence that starts with the model: the card's header. */
export function headline(run: Run): string {
  const { icon, says } = stateOf(run);
  return `${icon} ${run.model}${says}`;
}

/** The state of a run at a glance. */
export const icon = (run: Run): string => stateOf(run).icon;

const stateOf = (run: Run): Saying => (hasEnded(run) ? ended(run) : going(run));

interface Saying {
  readonly icon: string;
  readonly says: string;
}

function going(run: Run): Saying {
  if (run.stopRequestedBy !== null) return { icon: '⏹', says: ': stopping' };
  const stage = currentStage(run);
  if (run.deployment?.revertedAt != null) return reverted(run);
  if (stage === undefined) return { icon: '⏳', says: between(run) };
  return { icon: iconOf(run, stage.name), says: doing(run, stage.name) };
}

function iconOf(run: Run, stage: StageName): string {
  if (stage === 'watch') return '✅';
  return stage === 'approve' && waits(run) ? '✋' : '⏳';
}

/** Between two stages the next one is what the run is about to do. */
function between(run: Run): string {
  const next = run.stages.find(({ status }) => status === 'pending');
  const isFirst = run.stages.every(({ status }) => status === 'pending');
  return isFirst || next === undefined ? `: ${openings[run.kind]}` : doing(run, next.name);
}

const openings = {
  retrain: 'a run starts',
  promote: 'a promotion starts',
  rollback: 'a rollback starts',
} as const;

function doing(run: Run, stage: StageName): string {
  const version = run.version === null ? '' : ` v${run.version}`;
  switch (stage) {
    case 'prepare':
      return ': checking the data';
    case 'train':
      return `: ${trainingState(run)}`;
    case 'evaluate':
      return ': evaluating the candidate';
    case 'gate':
      return ': the gate decides';
    case 'register':
      return ': registering the version';
    case 'approve':
      return waits(run) ? `${version} waits for approval` : `${version}: asking for approval`;
    case 'deploy':
      if (run.waitingFor !== null) return `${version} waits for another deployment`;
      return `${version} is being deployed`;
    case 'watch':
      return `${version} is live and watched`;
  }
}

function trainingState(run: Run): string {
  const { training } = run;
  if (training === null) return 'starting the training';
  if (training.interruptions.at(-1)?.resumedAt === null) return 'training interrupted, will resume';
  if (training.step === null || training.total === null) return 'starting the training';
  return `training, ${percent(training.step / training.total)}`;
}

function ended(run: Run): Saying {
  if (run.deployment?.revertedAt != null) return reverted(run);
  if (run.deployment?.replaced != null) return replaced(run.deployment.to, run.deployment.replaced);
  if (run.kind === 'rollback' && (run.outcome === 'deployed' || run.outcome === 'rolled_back')) {
    return { icon: '✅', says: ` is back on v${run.version}` };
  }
  return run.outcome === null ? going(run) : endings(run)[run.outcome];
}

function replaced(version: number, by: { readonly version: number }): Saying {
  return { icon: '☑️', says: ` v${version} was live, v${by.version} replaced it` };
}

function reverted(run: Run): Saying {
  const { deployment } = run;
  const back =
    deployment?.from == null ? 'rolled back' : `rolled back, v${deployment.from} is live again`;
  return { icon: '↩️', says: ` v${deployment?.to}: ${back}` };
}

function endings(run: Run): Readonly<Record<Outcome, Saying>> {
  const version = run.version === null ? '' : ` v${run.version}`;
  return {
    deployed: { icon: '✅', says: `${version} is live` },
    blocked: {
      icon: '⛔',
      says: run.verdict?.outcome === 'fail' ? ': the gate failed' : ': not deployed',
    },
    rejected: { icon: '⛔', says: `${version} was rejected` },
    expired: { icon: '⌛', says: `${version}: nobody approved in time` },
    superseded: { icon: '⌛', says: `${version} is out of date` },
    failed: { icon: '❌', says: failedAt(run) },
    stopped: { icon: '⏹', says: ': stopped' },
    rolled_back: { icon: '↩️', says: `${version} was rolled back` },
  };
}

const failures: Readonly<Record<StageName, string>> = {
  prepare: ': the data cannot be used',
  train: ': the training failed',
  evaluate: ': the evaluation failed',
  gate: ': the gate could not decide',
  register: ': the version could not be registered',
  approve: ': the approval failed',
  deploy: ': the deployment failed',
  watch: ': the watch failed',
};

function failedAt(run: Run): string {
  if (run.failure?.code === 'DATASET_INVALID') return failures.prepare;
  const stage = run.stages.find(({ status }) => status === 'failed');
  return stage === undefined ? ': the run failed' : failures[stage.name];
}

/** Whether people are asked and have not answered. */
export function waits(run: Run): boolean {
  return run.approval !== null && run.approval.outcome === null && !hasEnded(run);
}
