import type { BlockJson, WorkspaceInfo } from '@mlops-bot/slack-simulator';
import type { Inspection, Section } from './example.ts';

/** The data of the gallery page, prepared before the browser opens it. */
export interface GalleryContent {
  readonly info: WorkspaceInfo;
  readonly sections: readonly ShownSection[];
}

export interface ShownSection {
  readonly title: Section['title'];
  readonly examples: readonly Shown[];
}

export interface Shown {
  readonly kind: 'message' | 'private' | 'modal' | 'home';
  readonly name: string;
  /** Of a message: the text of notifications and screen readers. */
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
