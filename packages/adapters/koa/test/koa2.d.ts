/** Koa 2, under an npm alias. The members used here have the types of Koa 3. */
declare module 'koa2' {
  export { default } from 'koa'
}
