import type { Json } from './json.ts';

export interface ElementProps {
  readonly blockId: string;
  readonly element: Json;
}

export type FieldProps = ElementProps & {
  /** Set inside an input block, whose label carries this id and `-label`. */
  readonly id?: string;
  readonly describedBy?: string;
  readonly onChoose: (choice: object) => void;
};
