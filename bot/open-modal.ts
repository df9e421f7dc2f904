import { slackProblem } from './announcer/slack-problem.ts';

/**
 * Opens a modal; false when Slack would not: the 3 s after the press have passed, or it is in
 * trouble. What must not be hindered by that is asked in another way.
 */
export async function tryToOpen(open: () => Promise<unknown>): Promise<boolean> {
  try {
    await open();
    return true;
  } catch (error) {
    const problem = slackProblem(error);
    if (problem === null) throw error;
    // Exchanged: an earlier call got through and only its answer was lost.
    return problem.kind === 'refused' && problem.code === 'exchanged_trigger_id';
  }
}
