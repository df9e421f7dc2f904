import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'retrain-'));

/**
 * Words in, an answer out: the protocol of `bot/cli`, by the AWS command line. No answer is
 * `unanswered`, with what was said instead, because the function `failed`, the credentials have
 * `expired` or AWS was otherwise `unreachable`.
 */
export function askCommands(functionName, question) {
  const [input, output] = [join(folder, 'request.json'), join(folder, 'answer.json')];
  writeFileSync(input, JSON.stringify(question));
  try {
    const said = execFileSync(
      'aws',
      [
        ...['lambda', 'invoke', '--function-name', functionName],
        ...['--cli-binary-format', 'raw-in-base64-out', '--payload', `file://${input}`, output],
      ],
      { encoding: 'utf8', timeout: 60_000, stdio: 'pipe' },
    );
    if (JSON.parse(said).FunctionError === undefined) {
      return JSON.parse(readFileSync(output, 'utf8'));
    }
    return { kind: 'unanswered', because: 'failed', said: 'The function “commands” failed.' };
  } catch (error) {
    const said = firstLine(error.stderr) ?? firstLine(error.message) ?? String(error);
    const isExpired = /\(ExpiredToken(Exception)?\)/.test(said);
    return { kind: 'unanswered', because: isExpired ? 'expired' : 'unreachable', said };
  }
}

/** The command line begins what it says with an empty line. */
const firstLine = (text) => text?.split('\n').find((line) => line.trim() !== '');
