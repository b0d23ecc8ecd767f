import { type Html, html } from './html.ts'
import type { Link } from './links.ts'
import { renderDocument } from './render-document.ts'

/** The content of the overview. */
export interface Overview {
  readonly links: readonly Link[]
  /** Where the sessions are stored, in words. */
  readonly store: string
}

/** Renders the page with the links to the demos. */
export function renderOverview({ links, store }: Overview): string {
  return renderDocument(
    'One session, several frameworks',
    html`<header class="overview">
        <p class="kicker">Sessions</p>
        <h1>One session, ${inWords(links.length)} frameworks</h1>
        <p>
          Each of these pages is served by a different framework, on a port of its own. All of them
          store their sessions in the same place, and browsers send a cookie to every port of a
          host: what you do on one page shows on the next.
        </p>
      </header>
      <ul class="frameworks">
        ${links.map(renderLink)}
      </ul>
      <p class="hint">The sessions are stored in ${store}.</p>`,
  )
}

function renderLink({ framework, href }: Link): Html {
  return html`<li>
    <a class="card" href="${href}">
      <strong>${framework}</strong> <span class="hint">${href.replace(/^\w+:\/\/|\/$/g, '')}</span>
    </a>
  </li>`
}

function inWords(count: number): string {
  return ['no', 'one', 'two', 'three', 'four'][count] ?? String(count)
}
