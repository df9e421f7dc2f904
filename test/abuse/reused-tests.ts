/** Tests of other parts that are attacks: by file, and by title where not all of them are. */
const reused: readonly { readonly file: string; readonly title?: RegExp; readonly row: string }[] =
  [
    {
      file: 'test/bot/verify-request.test.ts',
      title: /refuses|whatever arrives|before it parses/,
      row: 'Slack requests, unsigned or malformed',
    },
    {
      file: 'test/bot/malformed-requests.test.ts',
      row: 'signed: timestamps, forged payloads, views, commands',
    },
    {
      file: 'test/local/job-runner.test.ts',
      title:
        /left behind|session of its own|such a child|without its environment|was killed|odd|kill -9/,
      row: 'recipe train modes',
    },
    {
      file: 'test/local/endpoint-host.test.ts',
      title: /crash|host|goes away|4 MB|too long|archive/,
      row: '`inference.py` modes',
    },
    {
      file: 'test/local/inbox.test.ts',
      title: /refuse|link|unfinished|announced|failed/,
      row: 'inbox: links, FIFO, odd names',
    },
    {
      file: 'test/local/durable/crash.test.ts',
      row: 'a process that dies at any write or commit',
    },
    {
      file: 'test/local/durability.test.ts',
      title: /dies/,
      row: 'a process that dies at any write or commit',
    },
    { file: 'test/local/durability.test.ts', title: /refused/, row: 'full disk' },
    { file: 'packages/slack-simulator/test/journal.test.ts', title: /full disk/, row: 'full disk' },
    {
      file: 'packages/slack-simulator/test/journal.test.ts',
      title: /that dies/,
      row: 'a process that dies at any write or commit',
    },
    {
      file: 'packages/slack-simulator/test/journal.test.ts',
      title: /damaged journal/,
      row: 'damaged state',
    },
    { file: 'test/local/line-log.test.ts', title: /full disk/, row: 'full disk' },
  ];

/** Files that the suite runs besides its own. */
export const reusedFiles: readonly string[] = [...new Set(reused.map(({ file }) => file))];

/** The row of the table that a test of another part counts in; null when it is no attack. */
export function reusedRow(file: string, title: string): string | null {
  const found = reused.find((each) => each.file === file && (each.title?.test(title) ?? true));
  return found?.row ?? null;
}
