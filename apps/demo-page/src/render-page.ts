import { html } from './html.ts'
import type { PageModel } from './page-model.ts'
import { renderActions } from './render-actions.ts'
import { renderDocument } from './render-document.ts'
import { renderEntries } from './render-entries.ts'
import { renderLifetimes } from './render-lifetimes.ts'
import { renderLinks } from './render-links.ts'
import { renderNote } from './render-note.ts'
import { renderSummary } from './render-summary.ts'
import { renderTestCookie } from './render-test-cookie.ts'

/** Renders the page that shows a session, with a form for each operation on it. */
export function renderPage(model: PageModel): string {
  return renderDocument(
    `A session on ${model.framework}`,
    html`${renderLinks(model)} ${renderSummary(model)}
      <div class="cards">
        <div>${renderNote(model)}${renderEntries(model)}${renderTestCookie(model)}</div>
        <div>${renderLifetimes(model)}${renderActions()}</div>
      </div>`,
  )
}
