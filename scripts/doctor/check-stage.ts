import { type Account, missingSecrets } from '../../infra/cli/account.ts';
import { checkAccount, checkSettings, type Finding } from '../../infra/cli/preflight.ts';
import type { Stage } from '../../infra/config/stage.ts';
import { secretNames } from '../../infra/names.ts';
import type { Config } from '../../pipeline/core/config.ts';
import { bad, type Check, good, note } from './report.ts';

/** Settings, account, secrets and the deployed functions of a stage. */
export async function checkStage(options: {
  readonly stage: Stage;
  readonly config: Config;
  readonly open: () => Promise<Account>;
  /** Runs `/mlops status` on the stage; resolves with why it could not, or null. */
  readonly ask: () => Promise<string | null>;
}): Promise<readonly Check[]> {
  const { stage, config, open, ask } = options;
  const checks = checkSettings(stage, config).map(toCheck);
  let account: Account;
  try {
    account = await open();
    checks.push(...(await checkAccount(stage, config, account)).map(toCheck));
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return [...checks, bad(`AWS: ${said}`, 'Sign in, for example with aws sso login.')];
  }
  const missing = await missingSecrets(account, stage.name);
  for (const secret of missing) {
    const name = secretNames(stage.name)[secret];
    checks.push(bad(`The parameter ${name} is missing.`, 'npm run deploy asks for it.'));
  }
  if (missing.length === 0) checks.push(good('Both secrets of Slack are stored'));
  const refusal = await ask();
  checks.push(
    refusal === null
      ? good(`The stage ${stage.name} in ${stage.region} answers`)
      : bad(refusal, `npm run deploy -- --stage ${stage.name} deploys it.`),
  );
  return checks;
}

function toCheck({ stops, text, fix }: Finding): Check {
  return stops ? bad(text, fix) : note(text, fix);
}
