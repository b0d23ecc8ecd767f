/** The stored record of a session, as last loaded or saved. */
export interface Stored {
  /** The key that the client holds; with a cookie engine, the sealed record. */
  readonly key: string
  /** The deadline in epoch milliseconds. */
  readonly expiresAt: number
  /** The payload as it is stored, encoded. */
  readonly data: string
  /** The payload as serialised text; undefined if it did not decode. */
  readonly text: string | undefined
}

/** A record on the server. */
export interface StoredRecord extends Stored {
  /** The id under which the engine stores it. */
  readonly id: string
  /** The engine's token for the version that was last loaded or saved. */
  readonly version: string
}

/** A record that is sealed into its cookie. */
export interface StoredCookie extends Stored {
  /** Whether to seal it again because it was sealed with an old secret. */
  readonly stale: boolean
  /** When it was sealed, in epoch milliseconds, if the engine says so. */
  readonly sealedAt?: number | undefined
}
