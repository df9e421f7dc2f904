import type { DocumentStore } from '../../../pipeline/aws/dynamo-document-store.ts';
import type { Preference, PreferenceStore } from '../../web-api/preference-store.ts';

/** {@link PreferenceStore} over documents with revisions. */
export function toPreferenceStore(documents: DocumentStore<Preference>): PreferenceStore {
  return {
    async get(userId) {
      const found = await documents.get(userId);
      return found && { preference: found.document, revision: found.revision };
    },
    put: documents.put,
  };
}
