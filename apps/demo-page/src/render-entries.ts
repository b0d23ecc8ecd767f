import { type Html, html } from './html.ts'
import type { PageModel } from './page-model.ts'

/** A table of the session's keys and values. */
export function renderEntries({ entries }: PageModel): Html {
  return html`<section class="card">
    <h2 id="entries">What the session holds</h2>
    <table aria-labelledby="entries">
      <thead>
        <tr>
          <th scope="col">Key</th>
          <th scope="col">Value</th>
        </tr>
      </thead>
      <tbody>
        ${entries.map(
          ([key, value]) =>
            html`<tr>
              <th scope="row"><code>${key}</code></th>
              <td><code>${JSON.stringify(value)}</code></td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`
}
