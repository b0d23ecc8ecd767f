import { type Html, html } from './html.ts'
import { type Lifetime, lifetimes } from './lifetimes.ts'
import type { PageModel } from './page-model.ts'

/** The form that sets the lifetime. */
export function renderLifetimes(model: PageModel): Html {
  return html`<section class="card">
    <h2>Lifetime</h2>
    <p class="hint">Counted from the last save. Every visit to this page saves the session.</p>
    <form method="post" action="/lifetime" class="choices">
      ${lifetimes.map((lifetime) => renderLifetime(lifetime, lifetime === chosen(model)))}
    </form>
  </section>`
}

function renderLifetime({ name, label, detail, expiry }: Lifetime, isChosen: boolean): Html {
  return html`<button name="lifetime" value="${name}" aria-current="${isChosen ? 'true' : 'false'}">
    <strong>${label}</strong> <span>${detail}</span> <code>setExpiry(${String(expiry)})</code>
  </button>`
}

/** A session does not tell which lifetime was chosen, but its age identifies one of the four. */
function chosen({ age, atBrowserClose }: PageModel): Lifetime | undefined {
  if (atBrowserClose) return lifetimes.find(({ expiry }) => expiry === 0)
  return lifetimes.find(({ expiry }) => expiry === age) ?? lifetimes[0]
}
