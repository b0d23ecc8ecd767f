/** Whether something has methods of these names, as the client of a database has. */
export function hasMethods(client: unknown, names: readonly string[]): boolean {
  if (typeof client !== 'function' && (typeof client !== 'object' || client === null)) return false
  return names.every((name) => typeof Reflect.get(client, name) === 'function')
}
