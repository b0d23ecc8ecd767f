/** Where the stores are. */
export interface Places {
  readonly redis: string
  readonly postgres: string
  /** Only where an engine is compared with its bare client. */
  readonly mysql?: string
  /** Host and port. */
  readonly memcached: string
  /** A folder of one's own, which somebody else removes. */
  readonly folder: string
}
