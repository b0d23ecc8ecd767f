/** A link to the same session on a framework. */
export interface Link {
  /** The framework that serves it. */
  readonly framework: string
  readonly href: string
}

/** Returns the links for a visitor whose request has this Host header. */
export type LinksFor = (host: string | undefined) => readonly Link[]
