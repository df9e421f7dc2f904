import { join } from 'node:path';
import { type BlockJson, bundlePage, type WorkspaceInfo } from '@mlops-bot/slack-simulator';
import type { ModalView } from '@slack/web-api';
import { manifest } from '../slack/manifest.ts';
import { channels, identity, people } from '../workspace-page/team.ts';
import { type Example, inspect } from './example.ts';
import type { GalleryContent, Shown } from './gallery-content.ts';
import { sections } from './sections.ts';

/** The gallery as one self-contained HTML file. */
export async function buildGallery(): Promise<string> {
  const { script, style } = await bundlePage({
    folder: join(import.meta.dirname, 'page'),
    entry: "import './style.css'; import './main.tsx';",
    fonts: 'inlined',
  });
  const content: GalleryContent = {
    info: workspaceInfo(),
    sections: sections().map(({ title, examples }) => ({ title, examples: examples.map(shownOf) })),
  };
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>mlops-bot: message gallery</title>
<script>document.documentElement.dataset.theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';</script>
<style>${style.replaceAll('</style', '<\\/style')}</style>
</head>
<body>
<div id="root"></div>
<script type="application/json" id="content">${JSON.stringify(content).replaceAll('<', '\\u003c')}</script>
<script type="module">${script.replaceAll('</script', '<\\/script')}</script>
</body>
</html>
`;
}

function shownOf(example: Example): Shown {
  const { kind, name, content } = example;
  const modal = kind === 'modal' ? (content as ModalView) : null;
  return {
    kind,
    name,
    text: 'text' in content ? content.text : '',
    blocks: content.blocks as unknown as readonly BlockJson[],
    modal: {
      title: modal?.title.text ?? '',
      submit: modal?.submit?.text ?? null,
      close: modal?.close?.text ?? null,
    },
    inspection: inspect(example),
  };
}

function workspaceInfo(): WorkspaceInfo {
  return {
    team: { id: identity.team.id, name: identity.team.name },
    people,
    channels,
    usergroups: [{ id: 'S0LEADS', handle: 'leads', name: 'Leads', users: ['U0GRACE'] }],
    directMessages: {},
    app: {
      id: identity.appId,
      name: manifest.features.bot_user.display_name,
      description: manifest.display_information.description,
      color: manifest.display_information.background_color,
      botUserId: identity.botUserId,
      hasHome: true,
      hasMessages: false,
    },
    commands: [],
    shortcuts: [],
  };
}
