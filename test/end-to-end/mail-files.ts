import { createHash } from 'node:crypto';

/** A mail with an address, a link and a number, as rows of a dataset have them. */
interface Mail {
  readonly text: string;
  readonly label: string;
}

const words = { spam: ['prize', 'winner', 'cheap'], ham: ['meeting', 'minutes', 'budget'] };

/** Six made-up words of letters that no other mail has, so that no two are near-duplicates. */
function filler(number: number): string {
  const digest = createHash('sha256').update(`mail ${number}`).digest('hex');
  const letters = digest.replaceAll(/\d/g, (digit) => 'ghijklmnop'.charAt(Number(digit)));
  return (letters.match(/.{7}/g) ?? []).slice(0, 6).join(' ');
}

/** Mails by number, every second one spam: the same number is the same mail. */
export function mails(from: number, to: number): readonly Mail[] {
  return Array.from({ length: to - from }, (_, index) => {
    const number = from + index;
    const label = number % 2 === 0 ? 'spam' : 'ham';
    const [first, second, third] = words[label];
    const contact = `mail${number}@example.com or https://example.com/${number}, call ${5_550_000 + number}`;
    return { text: `${first} ${filler(number)} ${second}, ${third}: ${contact}`, label };
  });
}

/** As somebody exports them who renames the labels. */
export const shouted = (rows: readonly Mail[]): readonly Mail[] =>
  rows.map(({ text, label }) => ({ text, label: label.toUpperCase() }));

/** As somebody exports them who takes out what could name a person. */
export const masked = (rows: readonly Mail[]): readonly Mail[] =>
  rows.map(({ text, label }) => ({
    text: text
      .replaceAll(/https?:\S+/g, '<URL>')
      .replaceAll(/\S+@\S+/g, '<EMAIL>')
      .replaceAll(/\d+/g, '<NUMBER>'),
    label,
  }));

export function csv(rows: readonly Mail[]): string {
  return ['text,label', ...rows.map(({ text, label }) => `"${text}",${label}`)].join('\n');
}
