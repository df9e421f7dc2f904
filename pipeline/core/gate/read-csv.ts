import { MlopsError } from '../errors.ts';

/** Rows between two pauses: a few milliseconds. */
const ROWS_A_CHUNK = 2_000;

/**
 * Hands over each row of CSV text (RFC 4180), empty lines left out, and yields between chunks so that
 * the caller may let other work happen. csv-parse takes four times as long, in one piece.
 * @throws {MlopsError} `CONTRACT_BROKEN` when a row has another number of fields than the first one
 * (a file that was cut off), or a quote is out of place.
 */
export function* readCsv(
  text: string,
  onRow: (fields: readonly string[]) => void,
): Generator<void> {
  let quote = text.indexOf('"');
  let width = 0;
  let rows = 0;
  for (let start = 0; start < text.length; ) {
    if (quote >= 0 && quote < start) quote = text.indexOf('"', start);
    const line = endOf(text, '\n', start);
    const hasQuote = quote >= 0 && quote < line;
    const row = hasQuote ? quotedRow(text, start) : plainRow(text, start, line);
    start = row.end + 1;
    if (row.fields.length === 1 && row.fields[0] === '') continue;
    width ||= row.fields.length;
    rows += 1;
    if (row.fields.length !== width) {
      throw broken(`row ${rows} has ${row.fields.length} fields instead of ${width}`);
    }
    onRow(row.fields);
    if (rows % ROWS_A_CHUNK === 0) yield;
  }
}

interface Row {
  readonly fields: string[];
  /** Where its line ends: at a line feed, or after the text. */
  readonly end: number;
}

function plainRow(text: string, start: number, end: number): Row {
  const last = text.charCodeAt(end - 1) === CARRIAGE_RETURN && end > start ? end - 1 : end;
  return { fields: text.slice(start, last).split(','), end };
}

/** A row in which some field is quoted, and so may hold commas, line breaks and doubled quotes. */
function quotedRow(text: string, start: number): Row {
  const fields: string[] = [];
  for (let at = start; ; at++) {
    const isQuoted = text[at] === '"';
    const close = isQuoted ? closingQuote(text, at + 1) : at;
    const line = endOf(text, '\n', close);
    const end = Math.min(endOf(text, ',', close), line);
    const isLast = end === line;
    const stop = isLast && text[end - 1] === '\r' && end > close ? end - 1 : end;
    if (isQuoted && stop !== close + 1) throw broken('text follows a closing quote');
    const field = isQuoted ? text.slice(at + 1, close).replaceAll('""', '"') : text.slice(at, stop);
    if (!isQuoted && field.includes('"')) throw broken('a quote stands inside a field');
    fields.push(field);
    if (isLast) return { fields, end };
    at = end;
  }
}

function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] !== '"') return at;
  }
  throw broken('a quote is not closed');
}

function endOf(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? text.length : found;
}

const CARRIAGE_RETURN = 13;

const broken = (why: string) =>
  new MlopsError('CONTRACT_BROKEN', `predictions.csv cannot be read: ${why}.`);
