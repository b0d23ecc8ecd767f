/** What a client asks for. */
export interface Scenario {
  readonly name: string
  readonly title: string
  readonly path: string
  /** Whether the client has a session. Those without one take none from the answers either. */
  readonly withCookie: boolean
  /** Whether this library's answer sends the cookie of the session: where something has changed. */
  readonly sendsCookie: boolean
  /** Part of `--quick`. */
  readonly quick: boolean
}

/** The name of the scenario in which a session is made. */
export const FIRST_VISIT = 'first-visit'

const untouched = { title: 'untouched', path: '/untouched', sendsCookie: false }
const change = { path: '/change', sendsCookie: true, quick: true }

/** What is measured of each contender. */
export const scenarios: readonly Scenario[] = [
  { ...untouched, name: 'untouched', withCookie: false, quick: true },
  {
    ...untouched,
    name: 'untouched-with-cookie',
    title: 'untouched, with a cookie',
    withCookie: true,
    quick: false,
  },
  {
    name: 'read',
    title: 'read',
    path: '/read',
    withCookie: true,
    sendsCookie: false,
    quick: true,
  },
  { ...change, name: 'change', title: 'read and change', withCookie: true },
  { ...change, name: FIRST_VISIT, title: 'first visit', withCookie: false },
]

/** The scenario of that name. */
export const scenarioNamed = (name: string): Scenario | undefined =>
  scenarios.find((scenario) => scenario.name === name)

/** What a framework alone is asked for, whatever the scenario. */
export const bareScenario: Scenario = {
  ...untouched,
  name: 'bare',
  title: 'bare',
  withCookie: false,
  quick: true,
}
