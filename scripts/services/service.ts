/** A kind of server that tests and `npm run serve` use. */
export interface Service {
  /** Its name in messages. */
  readonly title: string
  /** The environment variable with the URL of a server to use instead of a private one. */
  readonly variable: string
  /** The programs that it needs. */
  readonly programs: Programs
  /** Prepares the server's folder, once. */
  readonly prepare: (place: Place) => Promise<void>
  /** Returns how to start the server; it may be started several times. */
  readonly launch: (place: Place) => Launch
  /**
   * How many ports it needs.
   *
   * @default 1
   */
  readonly ports?: number | undefined
  /** Joins several processes to a cluster, once, after their first start. Also waits until they are usable. */
  readonly form?: (place: Place) => Promise<void>
}

/** Programs, and where to find them. */
export interface Programs {
  /** An entry for each program, with its alternative names. */
  readonly names: readonly (readonly string[])[]
  /** Folders to search besides the PATH; a `*` stands for any version. */
  readonly folders: readonly string[]
  /** The Debian package. */
  readonly package: string
}

/** The folder, ports and user of a private server. */
export interface Place {
  readonly folder: string
  readonly port: number
  /** All its ports, the first of which is `port`. */
  readonly ports: readonly number[]
  /** The absolute path of a program, by the first of its names. */
  readonly program: (name: string) => string
  /** The user that the server runs as if this process is root: database servers refuse to run as root. */
  readonly user: User | undefined
}

/** A system user. */
export interface User {
  readonly uid: number
  readonly gid: number
}

/** A command that runs a server in the foreground. */
export interface Command {
  readonly command: string
  readonly args: readonly string[]
  /** Matches the server's output when it accepts connections. */
  readonly ready: RegExp
}

/** How to start and stop a server. */
export interface Launch extends Command {
  /** Further processes of the server, in the order in which to start them. */
  readonly others?: readonly Command[]
  /** The signal that ends it immediately, despite open connections. Its data may be lost: the folder is removed. */
  readonly stop: NodeJS.Signals
  readonly url: string
}
