/**
 * How a snippet is checked: `whole` on its own, `continued` after the blocks before it in its section, `fragment` for
 * syntax only.
 */
export type SnippetKind = 'whole' | 'continued' | 'fragment'

/** A block of TypeScript in a README. */
export interface Snippet {
  readonly kind: SnippetKind
  /** The code to check: the block, after those that it continues. */
  readonly code: string
  /** The line number of the block's first line in the README, from 1. */
  readonly line: number
  /** The number of lines in `code` that come from earlier blocks. */
  readonly offset: number
}

/** Matches a heading, or a fenced block with its indentation, fence, info string and text. */
const part = /^#{1,6} .*$|^( *)(`{3,})(.*)\n([\s\S]*?)^\1\2 *$/gm

const kindOf = (info: string): SnippetKind | undefined => {
  const [language = '', ...words] = info.trim().split(/\s+/)
  if (language !== 'ts' && language !== 'typescript') return undefined
  if (words.includes('fragment')) return 'fragment'
  return words.includes('continued') ? 'continued' : 'whole'
}

const lineCount = (text: string): number => text.split('\n').length - 1

/**
 * The TypeScript blocks of a README, in order.
 *
 * @param markdown The text of the README.
 */
export const snippetsIn = (markdown: string): Snippet[] => {
  const snippets: Snippet[] = []
  // The code that the next continued block continues.
  let before = ''
  for (const match of markdown.matchAll(part)) {
    const [heading, indent = '', , info, text = ''] = match
    if (heading.startsWith('#')) before = ''
    const kind = kindOf(info ?? '')
    if (kind === undefined) continue
    const earlier = kind === 'continued' ? before : ''
    const code = earlier + text.replaceAll(new RegExp(`^ {0,${indent.length}}`, 'gm'), '')
    const line = lineCount(markdown.slice(0, match.index)) + 2
    snippets.push({ kind, code, line, offset: lineCount(earlier) })
    if (kind !== 'fragment') before = code
  }
  return snippets
}
