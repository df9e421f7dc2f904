import { createRoot } from 'react-dom/client';
import type { GalleryContent } from '../gallery-content.ts';
import { Gallery } from './gallery.tsx';

const root = document.getElementById('root');
const content = document.getElementById('content')?.textContent ?? '';
if (root) createRoot(root).render(<Gallery content={JSON.parse(content) as GalleryContent} />);
