/** Markup that is already escaped. */
export class Html {
  readonly #markup: string

  constructor(markup: string) {
    this.#markup = markup
  }

  toString(): string {
    return this.#markup
  }
}

/** A value in a template: text is escaped, markup is not, and undefined is omitted. */
export type Fragment = string | number | Html | readonly Html[] | undefined

/** A template of markup. Escapes the text put into it, also in quoted attributes. */
export function html(parts: TemplateStringsArray, ...fragments: readonly Fragment[]): Html {
  return new Html(String.raw({ raw: parts }, ...fragments.map(markupOf)))
}

function markupOf(fragment: Fragment): string {
  if (fragment === undefined) return ''
  if (typeof fragment === 'string') return escape(fragment)
  if (typeof fragment === 'number') return String(fragment)
  return fragment instanceof Html ? fragment.toString() : fragment.join('')
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
