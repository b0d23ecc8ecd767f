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
export interface Launch {
  readonly command: string
  readonly args: readonly string[]
  /** What the server prints when it takes connections. */
  readonly ready: RegExp
  /** The signal at which it ends at once, whatever is connected. What it has stored is thrown away. */
  readonly stop: NodeJS.Signals
  readonly url: string
}
