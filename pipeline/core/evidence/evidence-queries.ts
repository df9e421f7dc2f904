import type { ModelCard } from '../model-card/model-card.ts';
import type { EvidenceReport, EvidenceSubject } from './evidence-report.ts';

/** The card of a version: as it was registered, or made now for a version from before. */
export interface ReadCard {
  readonly card: ModelCard;
  readonly isKept: boolean;
}

/** What people read about a candidate or a version; a part of {@link Pipeline}. */
export interface EvidenceQueries {
  /**
   * What people look at before they decide: a candidate beside production, from their stored answers.
   * The caller asks for the rows themselves only for someone who may see them.
   * @throws {MlopsError} `RUN_UNKNOWN`, `MODEL_UNKNOWN`, `VERSION_UNKNOWN`; `REQUEST_INVALID` when
   * nothing was evaluated, or the answers are no longer stored.
   */
  evidence(request: {
    readonly subject: EvidenceSubject;
    readonly withRows: boolean;
  }): Promise<EvidenceReport>;
  /** @throws {MlopsError} `MODEL_UNKNOWN`, `VERSION_UNKNOWN`, `RUN_UNKNOWN`. */
  modelCard(request: { readonly model: string; readonly version: number }): Promise<ReadCard>;
}
