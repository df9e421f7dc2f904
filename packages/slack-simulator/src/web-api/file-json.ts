/** A stored file as the Web API shows it: without its bytes. */
export function fileJson(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { file_id, team_id, content_base64: _bytes, deleted: _deleted, ...shown } = row;
  return { ...shown, id: file_id, user_team: team_id };
}

const TYPES: Readonly<Record<string, readonly [mimetype: string, pretty: string]>> = {
  csv: ['text/csv', 'CSV'],
  gif: ['image/gif', 'GIF'],
  jpeg: ['image/jpeg', 'JPEG'],
  jpg: ['image/jpeg', 'JPEG'],
  json: ['application/json', 'JSON'],
  md: ['text/markdown', 'Markdown'],
  pdf: ['application/pdf', 'PDF'],
  png: ['image/png', 'PNG'],
  txt: ['text/plain', 'Plain Text'],
  webp: ['image/webp', 'WEBP'],
  zip: ['application/zip', 'Zip'],
};

/** What a file is, by the ending of its name. */
export function fileType(name: string) {
  const ending = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? 'auto';
  const [mimetype, pretty_type] = TYPES[ending] ?? ['application/octet-stream', 'File'];
  return { filetype: ending, mimetype, pretty_type };
}
