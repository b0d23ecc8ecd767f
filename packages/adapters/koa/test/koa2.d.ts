/** Koa 2, by an alias of npm: what of it is used here has the types of Koa 3. */
declare module 'koa2' {
  export { default } from 'koa'
}
