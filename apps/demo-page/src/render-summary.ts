import { type Html, html } from './html.ts'
import type { PageModel } from './page-model.ts'
import { dateInWords, expiryInWords, noticeInWords } from './words.ts'

/** The head of the page: the message, the counter, the expiry and the handle. */
export function renderSummary(model: PageModel): Html {
  const { framework, views, handle, expires, atBrowserClose, links } = model
  return html`<header>
    <p class="kicker">A session on ${framework}</p>
    ${renderMessage(model)}
    <div>
      <h1><span class="count">${views}</span> ${views === 1 ? 'visit' : 'visits'}</h1>
      <p class="hint">
        ${
          views === 1
            ? 'Reload: the number goes up. If it stays at 1, your browser blocks cookies.'
            : `to ${links.length < 2 ? 'this page' : 'these pages'}, in this session`
        }
      </p>
    </div>
    <dl>
      <div>
        <dt>Expires</dt>
        <dd>${expiryInWords(model)}</dd>
        <dd class="hint">
          ${atBrowserClose ? 'and from the store on ' : undefined}<time
            datetime="${expires.toISOString()}"
            >${dateInWords(expires)}</time
          >
        </dd>
      </div>
      <div>
        <dt>Handle</dt>
        <dd><code>${handle ?? 'none yet'}</code></dd>
        <dd class="hint">a digest of the key in your cookie</dd>
      </div>
    </dl>
  </header>`
}

function renderMessage(model: PageModel): Html | undefined {
  if (model.cookiesBlocked) {
    return html`<p class="message warning" role="alert">
      <strong>Your browser blocks cookies for this page.</strong> It was given one and did not send
      it back, so nothing you do here can be remembered. Allow cookies for this site, then reload.
    </p>`
  }
  if (model.notice === undefined) return undefined
  return html`<p class="message" role="status">${noticeInWords(model.notice, model)}</p>`
}
