/**
 * How a snippet is checked: `whole` on its own, `continued` after the blocks before it in the same section, `fragment`
 * for its syntax only.
 */
export type SnippetKind = 'whole' | 'continued' | 'fragment'

/** A block of TypeScript in a README. */
export interface Snippet {
  readonly kind: SnippetKind
  /** What is checked: the block, and where it is continued, the blocks before it. */
  readonly code: string
  /** The line of the README, from 1, on which the first line of the block stands. */
  readonly line: number
  /** How many lines of `code` come from blocks before it. */
  readonly offset: number
}

/** A heading, or a fenced block with its indentation, fence, info string and text. */
const part = /^#{1,6} .*$|^( *)(`{3,})(.*)\n([\s\S]*?)^\1\2 *$/gm

const kindOf = (info: string): SnippetKind | undefined => {
  const [language = '', ...words] = info.trim().split(/\s+/)
  if (language !== 'ts' && language !== 'typescript') return undefined
  if (words.includes('fragment')) return 'fragment'
  return words.includes('continued') ? 'continued' : 'whole'
}

const lineCount = (text: string): number => text.split('\n').length - 1

/**
 * The TypeScript blocks of a README, in their order.
 *
 * @param markdown The text of the README.
 */
export const snippetsIn = (markdown: string): Snippet[] => {
  const snippets: Snippet[] = []
  // What a continued block goes on from: the last whole block of the section and its continuations.
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
