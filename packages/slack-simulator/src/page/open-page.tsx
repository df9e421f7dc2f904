import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import type { PagePlugin } from './plugins.tsx';

export function openPage(plugins: readonly PagePlugin[]): void {
  const root = document.getElementById('root');
  if (root) createRoot(root).render(<App plugins={plugins} />);
}
