import PupSystem
import Testing

@testable import PupDaemon

/// Measurements that hang must not hold up whoever asks.
@Suite(.timeLimit(.minutes(5))) struct PatientMeasurementTests {
  /// What happened, in order. Belongs to the loop.
  private final class Story: @unchecked Sendable {
    var events: [String] = []
  }

  @Test func whoAsksWaitsForTheMeasurement() throws {
    let loop = try EventLoop(name: "measurement")
    let (story, measurement) = (Story(), PatientMeasurement(on: loop, patience: 60_000_000_000))
    let bound = LoopBound(measurement, to: loop)
    loop.post {
      bound { measurement in
        measurement.wait({ story.events.append("first") }) {
          story.events.append("begin")
          loop.post {
            story.events.append("measured")
            bound { $0.finish() }
            loop.stop()
          }
        }
        measurement.wait({ story.events.append("second") }) { story.events.append("begin again") }
      }
    }
    try loop.run()
    #expect(story.events == ["begin", "measured", "first", "second"])
    #expect(!measurement.isLate)
  }

  @Test func nobodyWaitsForOneThatHangs() throws {
    let loop = try EventLoop(name: "measurement")
    let (story, measurement) = (Story(), PatientMeasurement(on: loop, patience: 1_000_000))
    let bound = LoopBound(measurement, to: loop)
    loop.post {
      bound {
        $0.wait(
          {
            bound { measurement in
              story.events.append(measurement.isLate ? "given up" : "early")
              // From now on nobody waits, and no second one is begun behind the first one.
              measurement.wait({ story.events.append("at once") }) { story.events.append("begin again") }
              measurement.finish()
              measurement.wait({ loop.stop() }) { story.events.append("begin anew") }
              measurement.finish()
            }
          }, begin: { story.events.append("begin") })
      }
    }
    try loop.run()
    #expect(story.events == ["begin", "given up", "at once", "begin anew"])
    #expect(!measurement.isLate)
  }
}
