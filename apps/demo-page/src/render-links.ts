import { type Html, html } from './html.ts'
import type { PageModel } from './page-model.ts'

/** The links to the same session on the other frameworks, if there are any. */
export function renderLinks({ links, framework }: PageModel): Html | undefined {
  if (links.length < 2) return undefined
  return html`<nav aria-label="The same session on">
    <ul>
      ${links.map(
        (link) =>
          html`<li>
            <a href="${link.href}" aria-current="${link.framework === framework ? 'page' : 'false'}"
              >${link.framework}</a
            >
          </li>`,
      )}
    </ul>
  </nav>`
}
