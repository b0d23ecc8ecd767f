import { type Html, html } from './html.ts'
import { longestNote } from './note.ts'
import type { PageModel } from './page-model.ts'

/** The note and its form. */
export function renderNote({ note }: PageModel): Html {
  // HTML drops a line feed after the opening tag. The one added here protects that of a note that begins with one.
  return html`<section class="card">
    <form method="post" action="/note">
      <h2><label for="note">Note</label></h2>
      <p class="hint" id="note-hint">
        Lasts as long as the session. Up to ${longestNote} characters; an empty note is deleted.
      </p>
      <textarea
        id="note"
        name="note"
        rows="5"
        maxlength="${longestNote}"
        autocomplete="off"
        aria-describedby="note-hint"
      >
${note}</textarea>
      <p class="row">
        <button class="primary">Save note</button> <code>session.set('note', …)</code>
      </p>
    </form>
  </section>`
}
