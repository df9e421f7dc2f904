import { useDirectory } from './directory.tsx';

/** Pairs of a light and a deep tone; a person keeps theirs. */
const TONES = ['violet', 'teal', 'amber', 'rose', 'blue', 'green'] as const;

export function Avatar({ id, size = 36 }: { id: string; size?: number }) {
  const directory = useDirectory();
  const { name, isApp } = directory.member(id);
  const style = { width: size, height: size, fontSize: size * 0.4 };
  if (isApp) {
    return (
      <span className="avatar avatar-app" style={style} aria-hidden="true">
        <svg viewBox="0 0 32 32" role="presentation">
          <path d="M6 21l6-8 5 5 3.5-4.5L27 21" />
          <circle cx="12" cy="13" r="2.4" />
        </svg>
      </span>
    );
  }
  const at = directory.info.people.findIndex((person) => person.id === id);
  const tone = TONES[Math.max(at, 0) % TONES.length];
  const initials = name
    .split(/\s+/)
    .map((part) => part[0] ?? '')
    .slice(0, 2)
    .join('');
  return (
    <span className={`avatar tone-${tone}`} style={style} aria-hidden="true">
      {initials}
    </span>
  );
}
