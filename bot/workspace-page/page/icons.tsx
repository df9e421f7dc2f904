/** Line icons on a 20-unit grid, coloured by their text. */
const PATHS = {
  upload: 'M10 13V3M6 7l4-4 4 4M3 13v4h14v-4',
  bolt: 'M11 2L4 11.5h5L8.5 18 16 8.5h-5.5z',
} as const;

export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
