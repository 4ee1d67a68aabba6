import { ExpressAdapter } from '@bull-board/express';

type Entry = Parameters<ExpressAdapter['setEntryRoute']>[0];

/** The board's own adapter, but its page asks no other server for anything: not for fonts either. */
export class OwnPageAdapter extends ExpressAdapter {
  override setEntryRoute(entry: Entry): ExpressAdapter {
    this.app.get(entry.route, (_request, response, next) => {
      const { name, params } = entry.handler({ basePath: this.basePath, uiConfig: this.uiConfig });
      response.render(name, params, (error: unknown, html: string) => {
        if (error instanceof Error) next(error);
        else response.send(withoutForeignLinks(html));
      });
    });
    return this;
  }
}

/** Without the link elements that lead to other servers; the page falls back to the fonts of the device. */
export function withoutForeignLinks(html: string): string {
  return html.replace(/\s*<link\b[^>]*\bhref="(?:https?:)?\/\/[^>]*>/gi, '');
}
