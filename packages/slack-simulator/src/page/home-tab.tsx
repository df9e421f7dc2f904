import { useEffect } from 'react';
import { api } from './api.ts';
import { AppHead } from './app-head.tsx';
import { Blocks } from './blocks.tsx';
import { useDirectory } from './directory.tsx';
import { SurfaceProvider } from './surface.tsx';
import type { PageAction, PageState } from './workspace-state.ts';

/** The app's Home tab as it published it for this person. */
export function HomeTab(props: {
  state: PageState;
  dispatch: (action: PageAction) => void;
  onMenu: () => void;
}) {
  const { state, dispatch, onMenu } = props;
  const { user, home } = state;
  const { info } = useDirectory();

  useEffect(() => {
    void api.openHome(user, 'home').catch(() => {});
  }, [user]);

  return (
    <>
      <AppHead tab="home" dispatch={dispatch} onMenu={onMenu} />
      <div className="home-tab" role="tabpanel" aria-label="Home">
        {home ? (
          <SurfaceProvider
            key={home.id}
            user={user}
            place={{ view_id: home.id }}
            blocks={home.blocks}
          >
            <Blocks blocks={home.blocks} fallback="" />
          </SurfaceProvider>
        ) : (
          <p className="empty">{info.app.name} has not published a Home tab for you yet.</p>
        )}
      </div>
    </>
  );
}
