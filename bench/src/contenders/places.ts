/** The URLs and addresses of the stores' servers. */
export interface Places {
  readonly redis: string
  readonly postgres: string
  /** Used only by the `engines` section. */
  readonly mysql?: string
  /** `host:port`. */
  readonly memcached: string
  /** A temporary folder for databases and files; its creator removes it. */
  readonly folder: string
}
