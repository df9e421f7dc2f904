import type { Config } from '../../pipeline/core/config.ts';
import { durableFunctionRegions } from '../config/regions.ts';
import type { Stage } from '../config/stage.ts';
import type { Account, Quota } from './account.ts';
import { CliError } from './cli-error.ts';

/** Something to know before a deployment; one that `stops` would make it fail, or useless. */
export interface Finding {
  readonly stops: boolean;
  readonly text: string;
  readonly fix: string;
}

/** Members of the local workspace, with which `mlops.config.ts` comes. */
const placeholders = ['U0ADA', 'U0GRACE', 'U0KIT'];
const BOOTSTRAP = '/cdk-bootstrap/hnb659fds/version';
const EVALUATION_MACHINE = 'ml.m5.large';

/** What can be said without asking AWS. */
export function checkSettings(stage: Stage, config: Config): readonly Finding[] {
  const ids = new Set([
    ...(config.operators === 'everyone' ? [] : config.operators),
    ...Object.values(config.models).flatMap(({ approval }) =>
      approval.mode === 'people' ? approval.approvers : [],
    ),
  ]);
  const found = placeholders.filter((id) => ids.has(id));
  const findings: Finding[] = [];
  if (found.length > 0) {
    findings.push({
      stops: true,
      text: `mlops.config.ts still names members of the local workspace: ${found.join(', ')}.`,
      fix: 'Put your own ids in: Slack → profile → ⋮ → Copy member ID.',
    });
  }
  if (!durableFunctionRegions.includes(stage.region)) {
    findings.push({
      stops: false,
      text: `Lambda durable functions are not confirmed in ${stage.region}. Confirmed: ${durableFunctionRegions.join(', ')}.`,
      fix: 'If the deployment fails at the function “pipeline”, choose a confirmed Region in infra/config/stages.ts.',
    });
  }
  if (stage.alarmEmail === null) {
    findings.push({
      stops: false,
      text: 'Nobody gets alarms by mail.',
      fix: `Set alarmEmail of the stage “${stage.name}” in infra/config/stages.ts.`,
    });
  }
  return findings;
}

/** What the account lacks for the machines and endpoints that are configured. */
export async function checkAccount(
  stage: Stage,
  config: Config,
  account: Account,
): Promise<readonly Finding[]> {
  const { region } = stage;
  const findings: Finding[] = [];
  if (!(await account.parameters([BOOTSTRAP])).has(BOOTSTRAP)) {
    findings.push({
      stops: true,
      text: `The CDK is not set up in ${region} of this account.`,
      fix: `Once per account and Region: npx cdk bootstrap aws://<account>/${region}`,
    });
  }
  const quotas = new Map((await account.quotas()).map((quota) => [quota.name, quota]));
  const unlisted: string[] = [];
  for (const [name, needed] of neededQuotas(config)) {
    const quota = quotas.get(name);
    if (quota === undefined) unlisted.push(`${name} (${needed})`);
    else if (quota.value < needed) findings.push(tooLow(quota, needed, region));
  }
  if (unlisted.length > 0) findings.push(notListed(unlisted, region));
  findings.push(...(await leftBehind(stage, config, account)));
  return findings;
}

/** Without permissions for its model, an endpoint could neither be watched nor retired. */
async function leftBehind(
  { name }: Stage,
  { models, formerModels }: Config,
  account: Account,
): Promise<readonly Finding[]> {
  const served = await account.servedModels(name).catch((error: unknown) => {
    // Only the roles of workflows may not look; whoever removed the model may.
    if (error instanceof Error && error.name === 'AccessDeniedException') return [];
    throw error;
  });
  return served
    .filter((model) => !Object.hasOwn(models, model) && !formerModels.includes(model))
    .map((model) => ({
      stops: true,
      text: `${model} still serves on this stage, and mlops.config.ts no longer has it.`,
      fix: `/mlops retire ${model} before you deploy, or name it in formerModels of mlops.config.ts.`,
    }));
}

const notAllowed: Finding = {
  stops: false,
  text: 'These credentials may not read parameters and quotas, so the account was not checked.',
  fix: 'An administrator’s may: npm run deploy from a terminal checks it.',
};

/** Quota → how much of it one run of each model at a time needs. */
function neededQuotas(config: Config): ReadonlyMap<string, number> {
  const needed = new Map<string, number>();
  const machine = (instanceType: string, usage: 'spot training job' | 'training job') =>
    needed.set(`${instanceType} for ${usage} usage`, 1);
  for (const { training } of Object.values(config.models)) {
    for (const instanceType of [training.instanceType, EVALUATION_MACHINE]) {
      if (training.spot) machine(instanceType, 'spot training job');
      if (!training.spot || training.whenNoCapacity === 'on-demand') {
        machine(instanceType, 'training job');
      }
    }
  }
  const serving = Object.values(config.models).map(
    ({ serving: { maxConcurrency } }) => maxConcurrency,
  );
  needed.set('Maximum number of serverless endpoints', serving.length);
  needed.set(
    'Maximum total concurrency that can be allocated across all serverless endpoints',
    serving.reduce((sum, each) => sum + each, 0),
  );
  return needed;
}

function tooLow({ name, code, value }: Quota, needed: number, region: string): Finding {
  return {
    stops: false,
    text: `The account may have ${value} of “${name}”; ${needed} is needed.`,
    fix: `aws service-quotas request-service-quota-increase --region ${region} --service-code sagemaker --quota-code ${code} --desired-value ${needed}`,
  };
}

/** AWS lists no quota of the account that still has its default, and may rename one. */
function notListed(names: readonly string[], region: string): Finding {
  return {
    stops: false,
    text: `AWS does not say how much the account has of these quotas: ${names.join(', ')}.`,
    fix: `Look at https://${region}.console.aws.amazon.com/servicequotas/home/services/sagemaker/quotas; the number that is needed is in brackets.`,
  };
}

/**
 * Asks everything that would make a deployment fail late or be useless.
 * @throws {CliError} with what stops it.
 */
export async function preflight(options: {
  readonly stage: Stage;
  readonly config: Config;
  readonly open: () => Promise<Account>;
  readonly say: (line: string) => void;
}): Promise<Account> {
  const { stage, config, open, say } = options;
  const settings = checkSettings(stage, config);
  report(settings, say);
  const account = await open().catch((error: unknown) => {
    throw noCredentials(error);
  });
  const findings = await checkAccount(stage, config, account).catch((error: unknown) => {
    // The role of a workflow may deploy and nothing else.
    if (error instanceof Error && error.name === 'AccessDeniedException') return [notAllowed];
    throw noCredentials(error);
  });
  report(findings, say);
  return account;
}

function report(findings: readonly Finding[], say: (line: string) => void): void {
  for (const { stops, text, fix } of findings) if (!stops) say(`! ${text}\n  ${fix}`);
  const stopping = findings.filter(({ stops }) => stops);
  if (stopping.length === 0) return;
  throw new CliError(
    stopping.map(({ text }) => text).join('\n✗ '),
    stopping.map(({ fix }) => fix).join('\n  '),
  );
}

function noCredentials(error: unknown): CliError {
  const said = error instanceof Error ? error.message : String(error);
  return new CliError(
    `AWS could not be asked about the account: ${said}`,
    'Sign in as an administrator of the account, for example with aws sso login, and name the profile in AWS_PROFILE.',
  );
}
