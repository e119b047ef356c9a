internal import PupAPI

/// Amounts as people read them, without blanks, so that a table's cells are words.
enum Measures {
  /// `8s`, `4m12s`, `3h5m`, `2d4h`
  static func duration(seconds: Int64) -> String {
    let seconds = max(seconds, 0)
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60)
    if days > 0 { return hours > 0 ? "\(days)d\(hours)h" : "\(days)d" }
    if hours > 0 { return minutes > 0 ? "\(hours)h\(minutes)m" : "\(hours)h" }
    if minutes > 0 { return seconds % 60 > 0 ? "\(minutes)m\(seconds % 60)s" : "\(minutes)m" }
    return "\(seconds)s"
  }

  /// `250ms`, `30s`
  static func duration(milliseconds: Int64) -> String {
    milliseconds < 1000 ? "\(max(milliseconds, 0))ms" : duration(seconds: (milliseconds + 999) / 1000)
  }

  /// `812B`, `5.1K`, `12.4M`, `1.2G`: of 1024.
  static func bytes(_ count: Int64) -> String {
    var value = Double(max(count, 0))
    for unit in ["B", "K", "M", "G"] {
      if value < 1000 || unit == "G" { return unit == "B" ? "\(count)B" : decimal(value) + unit }
      value /= 1024
    }
    return ""
  }

  /// `0.3%`
  static func percent(_ value: Double) -> String { decimal(value) + "%" }

  /// One digit behind the point below 100.
  static func decimal(_ value: Double) -> String {
    guard value.isFinite, value.magnitude < 1e15 else { return "?" }
    let tenths = Int64((value * 10).rounded())
    return tenths >= 1000 ? String((tenths + 5) / 10) : "\(tenths / 10).\(tenths % 10)"
  }

  /// `in 5m`, `in 0.4s`, `3h ago`, `now`
  static func relative(_ moment: ISODate, to now: ISODate) -> String {
    let microseconds = moment.microseconds - now.microseconds
    let difference = microseconds / 1_000_000
    if difference == 0, microseconds >= 100_000 { return "in \(decimal(Double(microseconds) / 1_000_000))s" }
    if difference == 0 { return "now" }
    return difference > 0 ? "in \(duration(seconds: difference))" : "\(duration(seconds: -difference)) ago"
  }
}
