/// A span of time in nanoseconds. (`Swift.Duration` is 128 bits wide and unsuitable for a flat record.)
package struct Delay: Hashable, Comparable, Sendable {
  package var nanoseconds: Int64

  package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
  package static func milliseconds(_ count: Int64) -> Delay { Delay(nanoseconds: count.saturatingTimes(1_000_000)) }
  package static func seconds(_ count: Int64) -> Delay { Delay(nanoseconds: count.saturatingTimes(1_000_000_000)) }
  package static let zero = Delay(nanoseconds: 0)

  package static func < (left: Delay, right: Delay) -> Bool { left.nanoseconds < right.nanoseconds }
}

extension Int64 {
  fileprivate func saturatingTimes(_ factor: Int64) -> Int64 {
    let (product, overflow) = multipliedReportingOverflow(by: factor)
    return overflow ? (self < 0 ? .min : .max) : product
  }
}
