/// A plugin as configured. Plugins are not loaded yet.
package struct PluginConfiguration: Hashable, Sendable {
  package var url: String
  package var options: ConfigurationValue?

  package init(url: String, options: ConfigurationValue? = nil) {
    self.url = url
    self.options = options
  }
}
