/** The message or view an interactive element sits in: where its clicks go and what was entered so far. */
import { createContext, type ReactNode, useContext, useRef, useState } from 'react';
import type { Place } from '../api-client.ts';
import type { BlockJson } from '../types.ts';
import { api, type Values } from './api.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { currentValues } from './initial-values.ts';
import type { Json } from './json.ts';

export interface Surface {
  readonly values: Values;
  /** Messages of a refused submission, by block. */
  readonly errors: Readonly<Record<string, string>>;
  readonly busy: string | null;
  enter(blockId: string, actionId: string, state: object): void;
  /** Sends a block_actions request, after asking back where the element has a confirm dialog. */
  act(blockId: string, element: Json, choice: object): void;
}

const Context = createContext<Surface | null>(null);

export function useSurface(): Surface {
  const surface = useContext(Context);
  if (!surface) throw new Error('useSurface needs a SurfaceProvider above it.');
  return surface;
}

export interface SurfaceProps {
  readonly user: string;
  readonly place: Place;
  readonly blocks: readonly BlockJson[];
  readonly errors?: Readonly<Record<string, string>>;
  /** Receives what was entered, without what the blocks start with. */
  readonly onEnter?: (entered: Values) => void;
  readonly children: ReactNode;
}

interface Asked {
  readonly blockId: string;
  readonly element: Json;
  readonly choice: object;
}

export function SurfaceProvider(props: SurfaceProps) {
  const { user, place, blocks, errors = {}, onEnter, children } = props;
  const [entered, setEntered] = useState<Values>({});
  const latest = useRef(entered);
  const [busy, setBusy] = useState<string | null>(null);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  const surface: Surface = {
    values: currentValues(blocks, entered),
    errors,
    busy,
    enter(blockId, actionId, state) {
      const block = { ...latest.current[blockId], [actionId]: state };
      latest.current = { ...latest.current, [blockId]: block };
      setEntered(latest.current);
      onEnter?.(latest.current);
    },
    act(blockId, element, choice) {
      if (element.confirm) setAsked({ blockId, element, choice });
      else void send({ blockId, element, choice });
    },
  };

  async function send({ blockId, element, choice }: Asked): Promise<void> {
    const actionId = String(element.action_id);
    setBusy(`${blockId}/${actionId}`);
    setFailure(null);
    try {
      const values = currentValues(blocks, latest.current);
      const action = { block_id: blockId, action_id: actionId, choice, values };
      const delivery = await api.act(user, place, action);
      if (!delivery.ok) setFailure(failureText(delivery.error));
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(null);
    }
  }

  return (
    <Context.Provider value={surface}>
      {children}
      {failure && (
        <p className="failure" role="alert">
          {failure}
        </p>
      )}
      {asked && (
        <ConfirmDialog
          confirm={asked.element.confirm as Json}
          onAnswer={(isConfirmed) => {
            setAsked(null);
            if (isConfirmed) void send(asked);
          }}
        />
      )}
    </Context.Provider>
  );
}

export function failureText(error: string): string {
  return error === 'operation_timeout'
    ? 'The app did not answer within 3 seconds (operation_timeout). Try again.'
    : `The app could not handle this (${error}). Try again.`;
}
