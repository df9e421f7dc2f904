import { expect, it } from 'vitest';
import { readMonth } from '../../bot/features/costs/read-month.ts';

const now = new Date('2026-03-31T23:30:00Z');

it.each([
  ['', '2026-03'],
  ['this month', '2026-03'],
  ['last', '2026-02'],
  ['2025-10', '2025-10'],
  ['2025-1', '2025-01'],
  ['10/2025', '2025-10'],
  ['March', '2026-03'],
  ['april', '2025-04'],
  ['apr 2026', '2026-04'],
  ['Sept', '2025-09'],
  ['december 2024', '2024-12'],
])('reads “%s” as %s', (typed, month) => {
  expect(readMonth(typed.split(' '), now)).toBe(month);
});

it.each([
  'soon',
  'ma',
  '2026',
  '2026-13',
  '0/2026',
  '1999-12',
  'octopus',
  'march 26',
  'march 1999',
])('reads no month in “%s”', (typed) => {
  expect(readMonth(typed.split(' '), now)).toBeNull();
});

it('finds the month before January in the year before', () => {
  expect(readMonth(['last', 'month'], new Date('2026-01-01T00:00:00Z'))).toBe('2025-12');
});
