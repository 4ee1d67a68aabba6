import PDFDocument from 'pdfkit';

/** What is the same on every card, as operators of a content stream. */
export interface Stencil {
  readonly operators: string;
}

export type CardFont = 'Helvetica' | 'Helvetica-Bold' | 'Courier-Bold';

export interface CardLine {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly font: CardFont;
  readonly size: number;
  readonly grey?: boolean;
}

/** One of ours is written once and drawn ten thousand times: laying the same words out again would take most of the time. */
export class StencilDocument extends PDFDocument {
  private recorded: string[] | undefined = undefined;

  override addContent(data: unknown): this {
    if (this.recorded === undefined) super.addContent(data);
    else this.recorded.push(String(data));
    return this;
  }

  /** Keeps what `draw` draws, instead of showing it. */
  record(draw: () => void): Stencil {
    const recorded: string[] = [];
    this.recorded = recorded;
    try {
      draw();
    } finally {
      this.recorded = undefined;
    }
    return { operators: recorded.join('\n') };
  }

  /** Draws a stencil with its origin at x, y; fonts must have been used on the page. */
  stamp({ operators }: Stencil, x: number, y: number): void {
    this.addContent(`q\n1 0 0 1 ${rounded(x)} ${rounded(y)} cm\n${operators}\nQ`);
  }

  /** Makes fonts known to the page, as stencils name them without using them. */
  useFonts(fonts: readonly CardFont[]): void {
    for (const font of fonts) this.line({ text: ' ', x: 0, y: 0, font, size: 1 });
  }

  line({ text, x, y, font, size, grey = false }: CardLine): void {
    this.font(font)
      .fontSize(size)
      .fillColor(grey ? '#555555' : '#000000')
      .text(text, x, y, { lineBreak: false });
  }

  widthOf(text: string, font: CardFont, size: number): number {
    return this.font(font).fontSize(size).widthOfString(text);
  }
}

/** Hundredths of a point are finer than any printer. */
export function rounded(points: number): number {
  return Math.round(points * 100) / 100;
}
