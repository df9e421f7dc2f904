import { createDirectory, DirectoryProvider, useTheme } from '@mlops-bot/slack-simulator/page';
import { useMemo, useState } from 'react';
import type { GalleryContent, ShownSection } from '../gallery-content.ts';
import { ExampleView } from './example-view.tsx';

/** Every message, modal and Home tab as the workspace page shows it, with its size. */
export function Gallery({ content }: { content: GalleryContent }) {
  const directory = useMemo(() => createDirectory(content.info), [content]);
  const { theme, toggle } = useTheme();
  const [isNarrow, setNarrow] = useState(false);
  const all = content.sections.flatMap(({ examples }) => examples);
  const broken = all.filter(({ inspection }) => inspection.problems.length > 0).length;

  return (
    <DirectoryProvider value={directory}>
      <div className={`gallery ${isNarrow ? 'is-narrow' : ''}`}>
        <header className="gallery-head">
          <h1>Message gallery</h1>
          <p>
            {all.length} examples, {broken === 0 ? 'all within Slack’s limits' : `${broken} broken`}
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
        <nav className="gallery-sections" aria-label="Sections">
          {content.sections.map((section) => (
            <a key={section.title} href={`#${anchorOf(section)}`}>
              {section.title} <small>{section.examples.length}</small>
            </a>
          ))}
        </nav>
        <main>
          {content.sections.map((section) => (
            <section key={section.title} id={anchorOf(section)} className="gallery-section">
              <h2>{section.title}</h2>
              {section.examples.map((example) => (
                <ExampleView key={example.name} example={example} />
              ))}
            </section>
          ))}
        </main>
      </div>
    </DirectoryProvider>
  );
}

function anchorOf({ title }: ShownSection): string {
  return title.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}
