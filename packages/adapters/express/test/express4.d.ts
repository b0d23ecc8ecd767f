/** Express 4, under an npm alias. The members used here have the types of Express 5. */
declare module 'express4' {
  import express from 'express'
  export default express
}
