import { InvalidSettingError } from '../errors.ts'

const refusing = new Proxy(
  {},
  {
    set(target, key, value, receiver) {
      if (typeof key === 'symbol') return Reflect.set(target, key, value, receiver)
      throw new InvalidSettingError(
        `session.${key}`,
        `cannot be assigned: write \`session.set('${key}', …)\` or \`session.data.${key} = …\`.`,
      )
    },
  },
)

/**
 * A prototype that throws on assignment to a property that the object does not have. With other libraries,
 * `session.views = 1` stores a value; here it would be lost silently. Sealing the object would not help: sloppy-mode code,
 * such as many libraries that use `req.session`, would get no error.
 */
export const REFUSING_ASSIGNMENTS: object = Object.create(refusing, {
  // `await` looks up `then` on each session. Without this, the lookup reached the proxy, and a read from memory was a tenth
  // slower ("read a number" of `npm run bench -- --sections in-process`).
  // oxlint-disable-next-line unicorn/no-thenable -- undefined is not callable
  then: { value: undefined },
})

/**
 * Makes assignments to properties that have only a getter throw in sloppy mode too, where `session.data = { … }` would be
 * lost silently.
 */
export function refuseAssignments(prototype: object): void {
  for (const [name, { get, set }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (get === undefined || set !== undefined) continue
    Object.defineProperty(prototype, name, {
      set() {
        const remedy =
          name === 'data'
            ? 'to replace the data, call `session.clear()` and `session.update({ … })`'
            : `to store a value under this key, write \`session.set('${name}', …)\``
        throw new TypeError(`session.${name} is read-only: ${remedy}.`)
      },
    })
  }
}
