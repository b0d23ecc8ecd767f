import { describe, expect, it } from 'vitest'
import { html } from '../src/html.ts'

describe('html', () => {
  it('escapes text, in elements and in attributes', () => {
    const text = `<b title='x'>"&"</b>`

    expect(String(html`<p title="${text}">${text}</p>`)).toBe(
      '<p title="&#60;b title=&#39;x&#39;&#62;&#34;&#38;&#34;&#60;/b&#62;">' +
        '&#60;b title=&#39;x&#39;&#62;&#34;&#38;&#34;&#60;/b&#62;</p>',
    )
  })

  it('does not escape markup, alone or in an array', () => {
    const items = ['a', '<'].map((text) => html`<b>${text}</b>`)

    expect(String(html`<p>${items}</p>`)).toBe('<p><b>a</b><b>&#60;</b></p>')
  })

  it('omits undefined', () => {
    expect(String(html`<p>${undefined}</p>`)).toBe('<p></p>')
  })
})
