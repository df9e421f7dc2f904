import { createDirectory, DirectoryProvider, useTheme } from '@mlops-bot/slack-simulator/page';
import { useMemo, useState } from 'react';
import type { GalleryContent, ShownHall } from '../gallery-content.ts';
import { ExhibitView } from './exhibit-view.tsx';

/** Every message, modal and Home tab as the workspace page shows it, with what it weighs. */
export function Gallery({ content }: { content: GalleryContent }) {
  const directory = useMemo(() => createDirectory(content.info), [content]);
  const { theme, toggle } = useTheme();
  const [isNarrow, setNarrow] = useState(false);
  const all = content.halls.flatMap(({ exhibits }) => exhibits);
  const broken = all.filter(({ inspection }) => inspection.problems.length > 0).length;

  return (
    <DirectoryProvider value={directory}>
      <div className={`gallery ${isNarrow ? 'is-narrow' : ''}`}>
        <header className="gallery-head">
          <h1>Message gallery</h1>
          <p>
            {all.length} exhibits, {broken === 0 ? 'all within Slack’s limits' : `${broken} broken`}
          </p>
          <label>
            <input
              type="checkbox"
              checked={isNarrow}
              onChange={({ target }) => setNarrow(target.checked)}
            />{' '}
            as narrow as a phone
          </label>
          <button type="button" className="button" onClick={toggle}>
            {theme === 'dark' ? 'Use light colours' : 'Use dark colours'}
          </button>
        </header>
        <nav className="gallery-halls" aria-label="Halls">
          {content.halls.map((hall) => (
            <a key={hall.title} href={`#${anchorOf(hall)}`}>
              {hall.title} <small>{hall.exhibits.length}</small>
            </a>
          ))}
        </nav>
        <main>
          {content.halls.map((hall) => (
            <section key={hall.title} id={anchorOf(hall)} className="gallery-hall">
              <h2>{hall.title}</h2>
              {hall.exhibits.map((exhibit) => (
                <ExhibitView key={exhibit.name} exhibit={exhibit} />
              ))}
            </section>
          ))}
        </main>
      </div>
    </DirectoryProvider>
  );
}

function anchorOf({ title }: ShownHall): string {
  return title.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}
