import type { DocumentStore } from '../../../pipeline/aws/dynamo-document-store.ts';
import type { Announcement, AnnouncementStore } from '../../announcer/announcement-store.ts';

/** {@link AnnouncementStore} over documents with revisions. */
export function toAnnouncementStore(documents: DocumentStore<Announcement>): AnnouncementStore {
  const id = (announced: string) => `announcement:${announced}`;
  return {
    async get(announced) {
      const found = await documents.get(id(announced));
      return found === null ? null : { announcement: found.document, revision: found.revision };
    },
    put: (announced, announcement, expectedRevision) =>
      documents.put(id(announced), announcement, expectedRevision),
  };
}
