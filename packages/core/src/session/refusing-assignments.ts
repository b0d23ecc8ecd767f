import { InvalidSettingError } from '../errors.ts'

const refusing = new Proxy(
  {},
  {
    set(target, key, value, receiver) {
      if (typeof key === 'symbol') return Reflect.set(target, key, value, receiver)
      throw new InvalidSettingError(
        `session.${key}`,
        `is no place for data: write \`session.set('${key}', …)\` or \`session.data.${key} = …\`.`,
      )
    },
  },
)

/**
 * A prototype that refuses each assignment to a property that an object does not have. With other libraries,
 * `session.views = 1` stores a value; here, it would be lost silently. Sealing the object would not do: in sloppy mode, in
 * which libraries that keep something in `req.session` are written, that says nothing.
 */
export const REFUSING_ASSIGNMENTS: object = Object.create(refusing, {
  // `await` asks each session for it: looking it up in the proxy made a read in memory a tenth slower ("read a number" of
  // `npm run bench -- --sections in-process`).
  // oxlint-disable-next-line unicorn/no-thenable -- it is none
  then: { value: undefined },
})
