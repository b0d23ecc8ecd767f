/** A place where the same session can be seen. */
export interface Link {
  /** The framework that serves it. */
  readonly framework: string
  readonly href: string
}

/** The links that a page shows to a visitor who came by this Host header. */
export type LinksFor = (host: string | undefined) => readonly Link[]
