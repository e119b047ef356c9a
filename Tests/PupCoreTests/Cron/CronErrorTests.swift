import PupCore
import Testing

@Suite struct CronErrorTests {
  @Test(arguments: [
    ("", 0, "empty"), ("* * * *", 7, "4 columns"), ("* * * * * * *", 12, "7 columns"), ("60 * * * *", 0, "out of range"),
    ("* 24 * * *", 2, "out of range"), ("* * 0 * *", 4, "out of range"), ("* * * 13 *", 6, "out of range"),
    ("* * * * 8", 8, "out of range"), ("* * * * * 8", 10, "out of range"), ("*/0 * * * *", 2, "out of range"),
    ("*/ * * * *", 2, "step is missing"), ("*/61 * * * *", 2, "out of range"), ("5-1 * * * *", 0, "backwards"),
    ("1,,2 * * * *", 2, "missing"), ("1- * * * *", 2, "missing"), ("-1 * * * *", 0, "missing"),
    ("1-2-3 * * * *", 2, "not a valid minute"),
    ("x * * * *", 0, "not a valid minute"), ("* * * FOO *", 6, "not a valid month"),
    ("* * * * FOO", 8, "not a valid day of week"),
    ("* * L5 * *", 4, "not a valid day of month"),
    ("* * 32W * *", 4, "out of range"), ("* * W * *", 4, "missing"), ("* * * * L", 8, "not name a day"),
    ("* * * * MON#6", 12, "out of range"),
    ("* * * * #2", 8, "missing"), ("* * * * MON-FRI#2", 8, "not a valid day of week"), ("* * 30 2 *", 4, "never matches"),
    ("* * 31 2,4,6,9,11 *", 4, "never matches"), ("* * 31W 2 *", 4, "never matches"), ("@daly", 0, "not known"),
    ("@reboot", 0, "not known"),
    ("5 4 * * mön", 9, "character"), ("\u{1F600}", 0, "character"), ("0 0\n* * *", 3, "character"),
    ("99999999999999999999 * * * *", 0, "out of range"),
    ("1/2/3 * * * *", 2, "not a valid step"),
  ])
  func namesTheProblemAndItsPlace(pattern: String, position: Int, problem: String) {
    let error = #expect(throws: CronError.self) { try CronSchedule(parsing: pattern, zone: .utc) }
    #expect(error?.position == position)
    #expect(error?.problem.contains(problem) == true, "\(error?.description ?? "")")
    #expect(error?.remedy.isEmpty == false)
  }

  @Test func acceptsUpTo256Characters() throws {
    let longest = "*  * * * " + Array(repeating: "1", count: 123).joined(separator: ",") + ","
    #expect(throws: Never.self) { try CronSchedule(parsing: longest + "1", zone: .utc) }
    #expect((longest + "1").utf8.count == 256)
    #expect(throws: CronError.self) { try CronSchedule(parsing: longest + "01", zone: .utc) }
  }

  @Test func missingZoneDataIsAnError() {
    let error = #expect(throws: CronError.self) { try CronSchedule(parsing: "* * * * *", zone: nil) }
    #expect(error?.description.contains("tzdata") == true)
  }

  @Test func thePatternsOwnErrorComesBeforeTheMissingZone() {
    let error = #expect(throws: CronError.self) { try CronSchedule(parsing: "60 * * * *", zone: nil) }
    #expect(error?.problem.contains("minute: 60") == true)
  }
}
