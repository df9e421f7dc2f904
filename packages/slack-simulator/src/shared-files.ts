/** A file that a person shares from the composer: uploaded and posted in their name, as Slack's own page does. */
import type { AppEvents } from './app-events.ts';
import { HttpError } from './http.ts';
import type { JournaledStore } from './journaled-store.ts';
import type { Fields, SlackAnswer } from './web-api/call.ts';

export interface SharedFile {
  readonly user: string;
  readonly channel: string;
  readonly threadTs: string | null;
  readonly name: string;
  readonly bytes: Buffer;
}

/** Shares a file in a conversation and tells the app; its id. */
export function createShareFile(tools: {
  readonly store: JournaledStore;
  readonly events: AppEvents;
  readonly callAs: (userId: string, method: string, args: Fields) => SlackAnswer;
}): (shared: SharedFile) => { readonly file: string } {
  const { store, events, callAs } = tools;

  function call(user: string, method: string, args: Fields): SlackAnswer {
    const answer = callAs(user, method, args);
    if (!answer.ok) throw new HttpError(400, `The file was refused: ${answer.error}.`);
    return answer;
  }

  return ({ user, channel, threadTs, name, bytes }) => {
    const asked = { filename: name, length: bytes.byteLength };
    const file = String(call(user, 'files.getUploadURLExternal', asked).file_id);
    const uploads = store.collection('slack.file_upload_sessions');
    const upload = uploads.findOneBy('file_id', file);
    if (!upload) throw new HttpError(503, 'The upload is gone.');
    uploads.update(upload.id, {
      uploaded: true,
      uploaded_size: bytes.byteLength,
      content_base64: bytes.toString('base64'),
    });
    call(user, 'files.completeUploadExternal', {
      files: [{ id: file, title: name }],
      channel_id: channel,
      ...(threadTs === null ? {} : { thread_ts: threadTs }),
    });
    events.fileShared({ user, channel, file });
    return { file };
  };
}
