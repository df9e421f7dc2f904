import { type RefObject, useEffect, useRef, useState } from 'react';

/** How far above the visible part the next page is asked for. */
const AHEAD = '400px 0px 0px 0px';

/** The top of a list that goes on: loads the page before when a person comes near, or on a click. */
export function OlderMessages(props: {
  list: RefObject<HTMLElement | null>;
  onOlder: () => Promise<void>;
}) {
  const { list, onOlder } = props;
  const top = useRef<HTMLButtonElement>(null);
  const [state, setState] = useState<'idle' | 'loading' | 'failed'>('idle');

  function load(): void {
    setState('loading');
    onOlder().then(
      () => setState('idle'),
      () => setState('failed'),
    );
  }

  useEffect(() => {
    const element = top.current;
    if (!element || state !== 'idle') return;
    // Made anew for each page, because it reports only when the button comes into view.
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) load();
      },
      { root: list.current, rootMargin: AHEAD },
    );
    observer.observe(element);
    return () => observer.disconnect();
  });

  return (
    <button type="button" className="older" ref={top} disabled={state === 'loading'} onClick={load}>
      {state === 'loading' ? 'Loading older messages…' : 'Show older messages'}
    </button>
  );
}
