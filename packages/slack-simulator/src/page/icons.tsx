/** Line icons on a 20-unit grid, coloured by their text. */
const PATHS = {
  hash: 'M7.5 3l-1.5 14M14 3l-1.5 14M3.5 7.5h14M2.5 12.5h14',
  menu: 'M3 5h14M3 10h14M3 15h14',
  reply: 'M4 4h12v9H9l-4 3.5V13H4z',
  send: 'M3 10l14-6-5 13-3-5zM9 12l8-8',
  attach: 'M14.5 9l-5 5a3.2 3.2 0 01-4.5-4.5l6-6a2.1 2.1 0 013 3l-6 6a1 1 0 01-1.5-1.5L11.5 6',
  sun: 'M10 6.5a3.5 3.5 0 100 7 3.5 3.5 0 000-7zM10 1.5v2M10 16.5v2M1.5 10h2M16.5 10h2M4 4l1.4 1.4M14.6 14.6L16 16M16 4l-1.4 1.4M5.4 14.6L4 16',
  moon: 'M16.5 11.5A7 7 0 118.5 3.5a5.5 5.5 0 008 8z',
  home: 'M3 9.5L10 3l7 6.5M5 8.5V17h10V8.5',
  eye: 'M1.5 10S4.5 4.5 10 4.5 18.5 10 18.5 10 15.5 15.5 10 15.5 1.5 10 1.5 10zM10 7.7a2.3 2.3 0 100 4.6 2.3 2.3 0 000-4.6z',
  down: 'M4 7l6 6 6-6',
} as const;

export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
