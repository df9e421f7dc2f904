import type { WorkspaceMessage } from '@mlops-bot/slack-simulator';
import { Blocks, MessageRow, SurfaceProvider, useDirectory } from '@mlops-bot/slack-simulator/page';
import type { Shown } from '../gallery-content.ts';

/** The person who looks at the page. Clicks send nothing. */
const VIEWER = 'U0ADA';
/** When everything in the gallery was posted: a Slack ts. */
const POSTED = '1795175400.000100';

export function ExampleView({ example }: { example: Shown }) {
  const { name, inspection } = example;
  const { bytes, blocks, problems } = inspection;
  return (
    <article className={`example ${problems.length > 0 ? 'is-broken' : ''}`}>
      <div className="example-label">
        <h3>{name}</h3>
        <p>
          {(bytes / 1000).toFixed(1)} kB, {blocks === 1 ? '1 block' : `${blocks} blocks`}
        </p>
        {problems.map((problem) => (
          <p key={problem} className="example-problem" role="alert">
            {problem}
          </p>
        ))}
        {example.text && <p className="example-text">Notification: {example.text}</p>}
      </div>
      <div className="example-stage">
        <Content example={example} />
      </div>
    </article>
  );
}

function Content({ example }: { example: Shown }) {
  const { info } = useDirectory();
  const { kind, blocks, modal, name, text } = example;
  if (kind === 'message' || kind === 'private') {
    const message: WorkspaceMessage = {
      channel: info.channels[0]?.id ?? '',
      ts: POSTED,
      thread_ts: null,
      user: info.app.botUserId,
      text,
      blocks,
      files: [],
      metadata: null,
      edited: false,
      reply_broadcast: false,
      reply_count: 0,
      reply_users: [],
      latest_reply: null,
      reactions: [],
      ephemeral_for: kind === 'private' ? VIEWER : null,
    };
    return <MessageRow message={message} user={VIEWER} isGrouped={false} isOpen={false} />;
  }
  const inside = (
    <SurfaceProvider user={VIEWER} place={{ view_id: name }} blocks={blocks}>
      <Blocks blocks={blocks} fallback="" />
    </SurfaceProvider>
  );
  if (kind === 'home') return <div className="home-tab">{inside}</div>;
  return (
    <div className="dialog dialog-large example-modal">
      <div className="dialog-frame">
        <header className="dialog-head">
          <h2>{modal.title}</h2>
        </header>
        <div className="dialog-body">{inside}</div>
        <footer className="dialog-foot">
          <span className="button">{modal.close ?? 'Close'}</span>
          {modal.submit && <span className="button button-solid">{modal.submit}</span>}
        </footer>
      </div>
    </div>
  );
}
