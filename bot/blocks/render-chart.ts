import { createRequire } from 'node:module';
import { Resvg } from '@resvg/resvg-js';
import { logger, None, parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';

export interface RenderedChart {
  readonly png: Uint8Array;
  readonly title: string;
  readonly altText: string;
}

/** Times the layout's size: sharp on the screens people have, and below 100 kB. */
const ZOOM = 1.6;

/**
 * A chart as a PNG. The same specification gives the same bytes: fonts come with the package,
 * nothing is asked of the system.
 */
export async function renderChart(spec: TopLevelSpec): Promise<Uint8Array> {
  const { spec: compiled } = compile(spec, { logger: silent });
  const view = new View(parse(compiled), { renderer: 'none', logger: silent });
  const svg = await view.toSVG();
  view.finalize();
  return new Resvg(svg, {
    fitTo: { mode: 'zoom', value: ZOOM },
    font: {
      loadSystemFonts: false,
      fontFiles: ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map(fontPath),
      defaultFontFamily: 'DejaVu Sans',
    },
  })
    .render()
    .asPng();
}

const silent = logger(None);

function fontPath(file: string): string {
  return createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${file}`);
}
