import type { WorkspaceFile } from '../types.ts';

/** Uploaded files: images in place, everything else as a download. Names are shown as text only. */
export function MessageFiles({ files }: { files: readonly WorkspaceFile[] }) {
  if (files.length === 0) return null;
  return (
    <ul className="files">
      {files.map((file) => (
        <li key={file.id}>
          {file.mimetype.startsWith('image/') && file.mimetype !== 'image/svg+xml' ? (
            <figure className="block-image">
              <figcaption>{file.title}</figcaption>
              <a href={`/files/${file.id}`} target="_blank" rel="noreferrer noopener">
                <img src={`/files/${file.id}`} alt={file.alt_txt ?? file.title} />
              </a>
            </figure>
          ) : (
            <a className="file-card" href={`/files/${file.id}`}>
              <span className="file-kind" aria-hidden="true">
                {file.name.split('.').at(-1)?.slice(0, 4)}
              </span>
              <span>
                <strong>{file.title}</strong>
                <small>
                  {file.name}, {Math.max(1, Math.round(file.size / 1000))} kB
                </small>
              </span>
            </a>
          )}
        </li>
      ))}
    </ul>
  );
}
