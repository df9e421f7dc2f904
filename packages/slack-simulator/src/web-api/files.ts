/** Uploads in Slack's three steps: ask for an address, send the bytes there, complete. */
import { randomBytes } from 'node:crypto';
import type { Row } from '../journaled-store.ts';
import {
  type Caller,
  type Fields,
  findChannel,
  json,
  type Methods,
  paged,
  SlackError,
  text,
  type WebApiTools,
} from './call.ts';
import { fileJson, fileType } from './file-json.ts';
import { insertMessage } from './messages.ts';

export function fileMethods(tools: WebApiTools): Methods {
  const { store, identity, clock, baseUrl } = tools;
  const files = store.collection('slack.files');
  const uploads = store.collection('slack.file_upload_sessions');

  function find(id: string): Row {
    const file = files.findOneBy('file_id', id);
    if (!file || file.deleted) throw new SlackError('file_not_found');
    return file;
  }

  function complete(upload: Row, title: unknown): Row {
    const { file_id, filename, user, team_id, content_base64, uploaded_size, alt_txt } = upload;
    const address = `${baseUrl}/files-pri/${file_id}/${encodeURIComponent(String(filename))}`;
    const created = Math.floor(clock.now() / 1000);
    uploads.update(upload.id, { completed: true });
    return files.insert({
      file_id,
      team_id,
      user,
      name: filename,
      title: typeof title === 'string' && title !== '' ? title : filename,
      ...fileType(String(filename)),
      mode: 'hosted',
      size: uploaded_size,
      created,
      timestamp: created,
      url_private: address,
      url_private_download: `${address}?download=1`,
      permalink: `${baseUrl}/files/${file_id}`,
      is_external: false,
      is_public: false,
      deleted: false,
      channels: [],
      groups: [],
      ims: [],
      shares: {},
      content_base64,
      ...(alt_txt ? { alt_txt } : {}),
    });
  }

  /** Posts the message that carries the files, and notes on each file where it is. */
  function share(given: readonly Row[], channel: Row, fields: Fields, caller: Caller): Row[] {
    const place = channel.is_im ? 'ims' : 'channels';
    const shared = given.map(
      (file) =>
        files.update(file.id, {
          [place]: [...new Set([...(file[place] as string[]), channel.channel_id])],
          is_public: !channel.is_im,
        }) ?? file,
    );
    insertMessage(store, {
      ts: clock.nextTs(),
      channel_id: channel.channel_id,
      user: caller.userId,
      subtype: 'file_share',
      upload: true,
      files: shared,
      ...fields,
    });
    return shared;
  }

  return {
    'files.getUploadURLExternal': {
      scope: 'files:write',
      answer(args, { userId }) {
        const filename = text(args, 'filename').trim();
        const length = Number(args.length);
        if (filename === '' || !(length > 0)) throw new SlackError('invalid_arguments');
        const file_id = `F${randomBytes(5).toString('hex').toUpperCase()}`;
        const upload_url = `${baseUrl}/upload/v1/${file_id}`;
        uploads.insert({
          file_id,
          team_id: identity.team.id,
          user: userId,
          filename,
          length,
          upload_url,
          alt_txt: text(args, 'alt_txt') || text(args, 'alt_text') || undefined,
          uploaded: false,
          completed: false,
        });
        return { upload_url, file_id };
      },
    },
    'files.completeUploadExternal': {
      scope: 'files:write',
      answer(args, caller) {
        const wanted = json(args, 'files', 'invalid_arguments');
        if (!Array.isArray(wanted) || wanted.length === 0) {
          throw new SlackError('invalid_arguments');
        }
        const found = (wanted as Fields[]).map(({ id, title }) => {
          const upload = uploads.findOneBy('file_id', id);
          const isReady = upload?.uploaded && !upload.completed && upload.user === caller.userId;
          if (!upload || !isReady) throw new SlackError('file_not_found');
          return { upload, title };
        });
        const names = [text(args, 'channel_id'), ...text(args, 'channels').split(',')];
        const targets = names.filter(Boolean).map((name) => findChannel(store, name));
        const comment = text(args, 'initial_comment');
        const thread_ts = text(args, 'thread_ts');
        const fields = { text: comment, ...(thread_ts ? { thread_ts } : {}) };
        let completed = found.map(({ upload, title }) => complete(upload, title));
        for (const channel of targets) completed = share(completed, channel, fields, caller);
        return { files: completed.map(fileJson) };
      },
    },
    'files.info': {
      scope: 'files:read',
      answer: (args) => ({ file: fileJson(find(text(args, 'file'))), comments: [] }),
    },
    'files.list': {
      scope: 'files:read',
      answer(args) {
        const channel = text(args, 'channel');
        const isIn = ({ channels, ims }: Row) =>
          [...(channels as string[]), ...(ims as string[])].includes(channel);
        const rows = files.all().filter((row) => !row.deleted && (channel === '' || isIn(row)));
        const { page } = paged({ limit: args.count ?? 100 }, rows, 'file_id');
        const paging = { count: page.length, total: rows.length, page: 1, pages: 1 };
        return { files: page.map(fileJson), paging };
      },
    },
    'files.delete': {
      scope: 'files:write',
      answer(args, { userId }) {
        const file = find(text(args, 'file'));
        if (file.user !== userId) throw new SlackError('cant_delete_file');
        files.update(file.id, { deleted: true, content_base64: '' });
        const messages = store.collection('slack.messages');
        for (const message of messages.all()) {
          const carried = (message.files as Fields[] | undefined) ?? [];
          const left = carried.filter(({ file_id }) => file_id !== file.file_id);
          if (left.length < carried.length) messages.update(message.id, { files: left });
        }
        return {};
      },
    },
  };
}
