import { html } from './html.ts'
import type { PageModel } from './page-model.ts'
import { renderActions } from './render-actions.ts'
import { renderEntries } from './render-entries.ts'
import { renderLifetimes } from './render-lifetimes.ts'
import { renderNote } from './render-note.ts'
import { renderSummary } from './render-summary.ts'
import { renderTestCookie } from './render-test-cookie.ts'

/** The page: HTML with plain forms, complete without a script. */
export function renderPage(model: PageModel): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <title>A session on ${model.framework}</title>
        <link rel="icon" href="${icon}" />
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <main>
          ${renderSummary(model)}
          <div class="cards">
            <div>${renderNote(model)}${renderEntries(model)}${renderTestCookie(model)}</div>
            <div>${renderLifetimes(model)}${renderActions()}</div>
          </div>
        </main>
      </body>
    </html>`.toString()
}

const policy =
  "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'"

const icon =
  "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'>" +
  "<circle cx='8' cy='8' r='7' fill='%230f6b5c'/><circle cx='8' cy='8' r='2.5' fill='white'/></svg>"
