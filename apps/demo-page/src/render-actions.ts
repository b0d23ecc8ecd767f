import { type Html, html } from './html.ts'

/** The operations on the whole session. */
export function renderActions(): Html {
  return html`<section class="card">
    <h2>Key and data</h2>
    <ul class="actions">
      ${actions.map(renderAction)}
    </ul>
  </section>`
}

interface Action {
  readonly path: string
  readonly label: string
  readonly call: string
  readonly effect: string
}

const actions: readonly Action[] = [
  {
    path: '/rotate',
    label: 'Rotate key',
    call: 'cycleKey()',
    effect: 'Gives the session a new key and keeps its data, as a login does.',
  },
  {
    path: '/clear',
    label: 'Clear',
    call: 'clear()',
    effect: 'Deletes the data and keeps the key.',
  },
  {
    path: '/logout',
    label: 'Log out',
    call: 'flush()',
    effect: 'Deletes the session. The next one has a new key.',
  },
]

function renderAction({ path, label, call, effect }: Action): Html {
  return html`<li>
    <form method="post" action="${path}"><button>${label}</button></form>
    <p>${effect} <code>${call}</code></p>
  </li>`
}
