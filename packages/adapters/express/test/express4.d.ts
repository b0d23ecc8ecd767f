/** Express 4 under a second name. Its types are those of Express 5, as far as the tests go. */
declare module 'express4' {
  import express from 'express'
  export default express
}
