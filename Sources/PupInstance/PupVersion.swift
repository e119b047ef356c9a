/// The version of this build; the CHANGELOG says what it contains.
package enum PupVersion {
  package static let text = "0.1.0"
}
