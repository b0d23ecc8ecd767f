/** A real server that tests and `npm run serve` need. */
export interface Service {
  /** What people call it. */
  readonly title: string
  /** The environment variable that names a server to be used instead of a private one. */
  readonly variable: string
  /** The programs without which it cannot be started. */
  readonly programs: Programs
  /** Makes what the server needs in its folder, once. */
  readonly prepare: (place: Place) => Promise<void>
  /** How the server is started, as often as wanted. */
  readonly launch: (place: Place) => Launch
  /**
   * How many ports it needs.
   *
   * @default 1
   */
  readonly ports?: number | undefined
  /** Makes one of several processes, once all of them have been started for the first time. */
  readonly form?: (place: Place) => Promise<void>
}

/** Programs, and where they come from. */
export interface Programs {
  /** Each entry names one program, by the names that it may have. */
  readonly names: readonly (readonly string[])[]
  /** Folders besides those on the PATH where they may lie; `*` in the last but one place stands for any version. */
  readonly folders: readonly string[]
  /** Debian's package. */
  readonly package: string
}

/** Where a private server lives. */
export interface Place {
  readonly folder: string
  readonly port: number
  /** All its ports, the first of which is `port`. */
  readonly ports: readonly number[]
  /** The absolute path of a program, by the first of its names. */
  readonly program: (name: string) => string
  /** Whom the server runs as: servers of databases refuse to run as root. */
  readonly user: User | undefined
}

/** A user of the system. */
export interface User {
  readonly uid: number
  readonly gid: number
}

/** A command that runs a server in the foreground. */
export interface Command {
  readonly command: string
  readonly args: readonly string[]
  /** What the server prints when it takes connections. */
  readonly ready: RegExp
}

/** How a server is started and ended. */
export interface Launch extends Command {
  /** Further processes that belong to it, in the order in which they are started. */
  readonly others?: readonly Command[]
  /** The signal at which it ends at once, whatever is connected. What it has stored is thrown away. */
  readonly stop: NodeJS.Signals
  readonly url: string
}
