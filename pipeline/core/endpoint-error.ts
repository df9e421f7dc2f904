/**
 * What went wrong, in the words of the serving entry, which answers errors as `{"error": "…"}`; the
 * text itself when a proxy or another container has written it.
 */
export function endpointError(body: string): string {
  try {
    const document: unknown = JSON.parse(body);
    if (typeof document === 'object' && document !== null && 'error' in document) {
      return String(document.error);
    }
  } catch {
    // Not JSON: the text itself is the message.
  }
  return body;
}
