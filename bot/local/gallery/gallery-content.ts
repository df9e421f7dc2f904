import type { BlockJson, WorkspaceInfo } from '@mlops-bot/slack-simulator';
import type { Inspection, Section } from '../../gallery/example.ts';

/** What the page of the gallery is given: plain data, prepared before the browser opens. */
export interface GalleryContent {
  readonly info: WorkspaceInfo;
  readonly sections: readonly ShownHall[];
}

export interface ShownHall {
  readonly title: Section['title'];
  readonly examples: readonly Shown[];
}

export interface Shown {
  readonly kind: 'message' | 'private' | 'modal' | 'home';
  readonly name: string;
  /** Of a message: what notifications and screen readers say. */
  readonly text: string;
  readonly blocks: readonly BlockJson[];
  /** Of a modal: its title and the labels of its buttons. */
  readonly modal: {
    readonly title: string;
    readonly submit: string | null;
    readonly close: string | null;
  };
  readonly inspection: Inspection;
}
