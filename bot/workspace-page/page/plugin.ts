import './style.css';
import type { PagePlugin } from '@mlops-bot/slack-simulator/page';
import { DatasetDialog } from './dataset-dialog.tsx';
import { PipelineSection } from './pipeline-section.tsx';

export const plugin: PagePlugin = {
  name: 'pipeline',
  SidebarSection: PipelineSection,
  fileDrop: { hint: 'Drop the dataset to hand it to the pipeline', Dialog: DatasetDialog },
};
