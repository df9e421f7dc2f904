import { bundleLambda, type LambdaBundle } from './bundle-lambda.ts';
import { type LambdaName, lambdaNames } from './entries.ts';
import { stagePrepareCode, stageTrainingCode } from './python-code.ts';

/** Folders that are deployed as code or files. */
export interface Bundles {
  readonly functions: Readonly<Record<LambdaName, string>>;
  /** Code of the Python function. */
  readonly prepare: string;
  /** The `code` channel of SageMaker jobs. */
  readonly training: string;
}

/** Builds every bundle under `out`. */
export async function bundleAll(root: string, out: string): Promise<Bundles> {
  const [made, prepare, training] = await Promise.all([
    Promise.all(lambdaNames.map((name) => bundleLambda({ name, root, out }))),
    stagePrepareCode(root, out),
    stageTrainingCode(root, out),
  ]);
  return { functions: foldersOf(made), prepare, training };
}

function foldersOf(made: readonly LambdaBundle[]): Record<LambdaName, string> {
  const folders = Object.fromEntries(made.map(({ name, folder }) => [name, folder]));
  return folders as Record<LambdaName, string>;
}
