/// Related routes, which the documentation shows together.
package struct RouteGroup: Sendable {
  let tag: String
  let summary: String
  let routes: [Route]

  package init(tag: String, summary: String, routes: [Route]) {
    self.tag = tag
    self.summary = summary
    self.routes = routes
  }
}
