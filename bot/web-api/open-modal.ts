import { slackProblem } from './slack-problem.ts';

/**
 * Opens a modal. Returns false when Slack did not open it, because 3 s have passed since the click
 * or Slack has a fault; the caller then asks with a message instead.
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
    // The modal is open: a retry after a lost answer gets this code.
    if (code === 'exchanged_trigger_id') return true;
    log(`Slack did not open a form: ${code}.`);
    return false;
  }
}
