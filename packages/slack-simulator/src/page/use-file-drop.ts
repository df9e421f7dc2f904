import { useEffect, useState } from 'react';

/** A part of the page that takes files itself. */
export const OWN_FILES = 'data-takes-files';

/**
 * Takes a file dropped anywhere on the page but where files are taken otherwise; says whether one
 * hovers over it.
 */
export function useFileDrop(isEnabled: boolean, onFile: (file: File) => void): boolean {
  const [isDragging, setDragging] = useState(false);

  useEffect(() => {
    if (!isEnabled) return;
    const hasFile = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const over = (event: DragEvent) => {
      if (!hasFile(event)) return;
      event.preventDefault();
      setDragging(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setDragging(false);
    };
    const drop = (event: DragEvent) => {
      if (!hasFile(event)) return;
      event.preventDefault();
      setDragging(false);
      const isTaken = event.target instanceof Element && event.target.closest(`[${OWN_FILES}]`);
      const file = event.dataTransfer?.files[0];
      if (file && !isTaken) onFile(file);
    };
    document.addEventListener('dragover', over);
    document.addEventListener('dragleave', leave);
    document.addEventListener('drop', drop);
    return () => {
      document.removeEventListener('dragover', over);
      document.removeEventListener('dragleave', leave);
      document.removeEventListener('drop', drop);
    };
  }, [isEnabled, onFile]);

  return isDragging;
}
