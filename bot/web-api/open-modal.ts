import { slackProblem } from './slack-problem.ts';

/**
 * Opens a modal; false when Slack would not: the 3 s after the press have passed, or it is in
 * trouble. What must not be hindered by that is asked in another way.
 */
export async function tryToOpen(
  { log }: { readonly log: (line: string) => void },
  open: () => Promise<unknown>,
): Promise<boolean> {
  try {
    await open();
    return true;
  } catch (error) {
    const problem = slackProblem(error);
    if (problem === null) throw error;
    const code = 'code' in problem ? problem.code : problem.kind;
    // An earlier call got through and only its answer was lost.
    if (code === 'exchanged_trigger_id') return true;
    log(`Slack did not open a form: ${code}.`);
    return false;
  }
}
