declare const brand: unique symbol;

/** Markup that is safe to send: made by `html`, which escapes whatever is put into it. */
export interface Html {
  readonly [brand]: true;
  toString(): string;
}

/** What may stand in a template; undefined and false leave nothing. */
export type HtmlValue = Html | string | number | false | undefined | readonly HtmlValue[];

class Markup implements Html {
  declare readonly [brand]: true;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** For text between tags and for attribute values between quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (sign) => ESCAPES[sign] ?? sign);
}

/** A template whose values are escaped, except those that are `Html` already. Attribute values must stand in quotes. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let text = flat(parts[0] ?? '');
  for (const [index, value] of values.entries()) text += rendered(value) + flat(parts[index + 1] ?? '');
  return new Markup(text);
}

/** Markup that is written here in the program: styles and scripts. Never for anything that came from outside. */
export function trusted(text: string): Html {
  return new Markup(text);
}

/** Phones pay for every byte: how a template is laid out here is of no use to them. */
function flat(part: string): string {
  return part.replace(/\n\s*/g, '\n');
}

function rendered(value: HtmlValue): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Markup) return value.toString();
  if (Array.isArray(value)) return value.map(rendered).join('');
  return escapeHtml(String(value));
}
