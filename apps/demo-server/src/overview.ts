import { renderOverview, styles, type LinksFor, type Listener } from 'demo-page'

/** Serves the page with the links to the demos. */
export function overview(linksFor: LinksFor, store: string): Listener {
  return (req, res) => {
    const path = req.url?.split('?', 1)[0]
    if (path === '/') {
      res.setHeader('Content-Type', 'text/html; charset=utf-8')
      res.end(renderOverview({ links: linksFor(req.headers.host), store }))
    } else if (path === '/style.css') {
      res.setHeader('Content-Type', 'text/css; charset=utf-8')
      res.end(styles)
    } else {
      res.statusCode = 404
      res.end('Not Found')
    }
  }
}
