import { gzipSync } from 'node:zlib';
import { Header } from 'tar';

const BLOCK = 512;

/** A `.tar.gz` of files in memory, in the order given. */
export function packFiles(files: Readonly<Record<string, string>>): Uint8Array {
  const blocks = Object.entries(files).flatMap(([path, text]) => {
    const body = Buffer.from(text);
    const header = Buffer.alloc(BLOCK);
    new Header({ path, mode: 0o644, size: body.length, type: 'File', mtime: new Date(0) }).encode(
      header,
    );
    const padding = Buffer.alloc((BLOCK - (body.length % BLOCK)) % BLOCK);
    return [header, body, padding];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]));
}
