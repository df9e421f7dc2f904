import { get } from 'node-emoji';

/** Slack's names where they differ from the ones node-emoji knows. */
const SLACK_NAMES: Readonly<Record<string, string>> = {
  large_green_circle: '🟢',
  large_yellow_circle: '🟡',
  large_orange_circle: '🟠',
  large_purple_circle: '🟣',
  large_red_square: '🟥',
  large_green_square: '🟩',
  large_blue_square: '🟦',
  robot_face: '🤖',
  speech_balloon: '💬',
  double_vertical_bar: '⏸️',
  thumbsup: '👍',
  thumbsdown: '👎',
};

/** The character behind `:name:`, or the name as typed when there is none. */
export function emojiOf(name: string): string {
  return SLACK_NAMES[name] ?? get(name) ?? `:${name}:`;
}
