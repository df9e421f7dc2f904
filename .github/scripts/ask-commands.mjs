import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'retrain-'));

/**
 * Sends a request of the protocol in `bot/cli` to the function, through the AWS command line. Returns
 * its answer, or `unanswered` with the error message: the function `failed`, the credentials have
 * `expired`, or AWS was `unreachable` for another reason.
 */
export function askCommands(functionName, question) {
  const [input, output] = [join(folder, 'request.json'), join(folder, 'answer.json')];
  writeFileSync(input, JSON.stringify(question));
  try {
    const message = execFileSync(
      'aws',
      [
        ...['lambda', 'invoke', '--function-name', functionName],
        ...['--cli-binary-format', 'raw-in-base64-out', '--payload', `file://${input}`, output],
      ],
      { encoding: 'utf8', timeout: 60_000, stdio: 'pipe' },
    );
    if (JSON.parse(message).FunctionError === undefined) {
      return JSON.parse(readFileSync(output, 'utf8'));
    }
    return { kind: 'unanswered', because: 'failed', message: 'The function “commands” failed.' };
  } catch (error) {
    const message = firstLine(error.stderr) ?? firstLine(error.message) ?? String(error);
    const isExpired = /\(ExpiredToken(Exception)?\)/.test(message);
    return { kind: 'unanswered', because: isExpired ? 'expired' : 'unreachable', message };
  }
}

/** Error messages of the command line start with an empty line. */
const firstLine = (text) => text?.split('\n').find((line) => line.trim() !== '');
