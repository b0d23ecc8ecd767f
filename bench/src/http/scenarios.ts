/** A kind of request that is measured. */
export interface Scenario {
  readonly name: string
  readonly title: string
  readonly path: string
  /** Whether the client sends its session cookie. If not, it also ignores the cookies of responses. */
  readonly withCookie: boolean
  /** Whether this library's response sends the session cookie, as it does after a change. */
  readonly sendsCookie: boolean
  /** Whether `--quick` includes it. */
  readonly quick: boolean
}

/** The name of the scenario that creates a session. */
export const FIRST_VISIT = 'first-visit'

const untouched = { title: 'untouched', path: '/untouched', sendsCookie: false }
const change = { path: '/change', sendsCookie: true, quick: true }

/** The scenarios that contenders are measured in. */
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

/** The scenario of that name; undefined if there is none. */
export const scenarioNamed = (name: string): Scenario | undefined =>
  scenarios.find((scenario) => scenario.name === name)

/** What a bare framework is measured with, whatever the scenario. */
export const bareScenario: Scenario = {
  ...untouched,
  name: 'bare',
  title: 'bare',
  withCookie: false,
  quick: true,
}
