import type { Row } from '../journaled-store.ts';
import { type Caller, type Methods, paged, SlackError, text, type WebApiTools } from './call.ts';

/** People, the team, the app itself and user groups. */
export function userMethods({ store, identity, usergroups }: WebApiTools): Methods {
  const { team, appId, botId, botUserId } = identity;
  const users = store.collection('slack.users');

  function find(id: string): Row {
    const user = users.findOneBy('user_id', id);
    if (!user) throw new SlackError('user_not_found');
    return user;
  }

  return {
    'api.test': { answer: (args) => ({ args }) },
    'auth.test': {
      answer(_args, { userId }) {
        const isBot = userId === botUserId;
        return {
          url: `https://${team.domain}.slack.com/`,
          team: team.name,
          team_id: team.id,
          user: find(userId).name,
          user_id: userId,
          ...(isBot ? { bot_id: botId, app_id: appId } : {}),
          is_enterprise_install: false,
        };
      },
    },
    'team.info': { scope: 'team:read', answer: () => ({ team }) },
    'bots.info': {
      scope: 'users:read',
      answer(args) {
        const bot = store.collection('slack.bots').findOneBy('bot_id', text(args, 'bot'));
        if (!bot) throw new SlackError('bot_not_found');
        const { bot_id: id, app_id, user_id, name, deleted, icons } = bot;
        return { bot: { id, app_id, user_id, name, deleted, icons } };
      },
    },
    'users.list': {
      scope: 'users:read',
      answer(args, caller) {
        const { page, response_metadata } = paged(args, users.all(), 'user_id');
        return { members: page.map((row) => userJson(row, caller)), response_metadata };
      },
    },
    'users.info': {
      scope: 'users:read',
      answer: (args, caller) => ({ user: userJson(find(text(args, 'user')), caller) }),
    },
    'users.lookupByEmail': {
      scope: 'users:read.email',
      answer(args, caller) {
        const user = users.findOneBy('email', text(args, 'email'));
        if (!user) throw new SlackError('users_not_found');
        return { user: userJson(user, caller) };
      },
    },
    'usergroups.list': {
      scope: 'usergroups:read',
      answer: () => ({
        usergroups: usergroups.map(({ id, handle, name, users: members }) => ({
          id,
          handle,
          name,
          is_usergroup: true,
          users: members,
          user_count: members.length,
        })),
      }),
    },
    'usergroups.users.list': {
      scope: 'usergroups:read',
      answer(args) {
        const group = usergroups.find(({ id }) => id === args.usergroup);
        if (!group) throw new SlackError('no_such_subteam');
        return { users: group.users };
      },
    },
  };
}

function userJson(row: Row, { scopes }: Caller): Record<string, unknown> {
  const { email, ...profile } = row.profile as Record<string, unknown>;
  const showsEmail = scopes === null || scopes.includes('users:read.email');
  return {
    id: row.user_id,
    team_id: row.team_id,
    name: row.name,
    real_name: row.real_name,
    deleted: row.deleted,
    is_admin: row.is_admin,
    is_bot: row.is_bot,
    is_app_user: false,
    tz: 'Etc/UTC',
    tz_offset: 0,
    profile: showsEmail ? { ...profile, email } : profile,
  };
}
