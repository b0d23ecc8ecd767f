/** What a client asks for. */
export interface Scenario {
  readonly name: string
  readonly title: string
  readonly path: string
  /** Whether the client has a session. Those without one take none from the answers either. */
  readonly withCookie: boolean
  /** Part of `--quick`. */
  readonly quick: boolean
}

/** What is measured of each contender. */
export const scenarios: readonly Scenario[] = [
  { name: 'untouched', title: 'untouched', path: '/untouched', withCookie: false, quick: true },
  {
    name: 'untouched-with-cookie',
    title: 'untouched, with a cookie',
    path: '/untouched',
    withCookie: true,
    quick: false,
  },
  { name: 'read', title: 'read', path: '/read', withCookie: true, quick: true },
  { name: 'change', title: 'read and change', path: '/change', withCookie: true, quick: true },
  { name: 'first-visit', title: 'first visit', path: '/change', withCookie: false, quick: true },
]

/** What a framework alone is asked for, whatever the scenario. */
export const bareScenario: Scenario = {
  name: 'bare',
  title: 'bare',
  path: '/untouched',
  withCookie: false,
  quick: true,
}
