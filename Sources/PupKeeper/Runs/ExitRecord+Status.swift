internal import CLinux
internal import CSpawn
internal import Glibc
internal import PupSystem

extension ExitRecord {
  init(code: Int32, status: Int32) {
    switch code {
    case Int32(CLD_EXITED): self.init(kind: .exited, value: status)
    case Int32(CLD_DUMPED): self.init(kind: .dumpedCore, value: status)
    default: self.init(kind: .signaled, value: status)
    }
  }

  init(_ status: pup_child_status) {
    self.init(code: status.code, status: status.status)
    (userMicroseconds, systemMicroseconds, maxResidentKilobytes) = (status.user_us, status.system_us, status.max_rss_kb)
  }

  init(_ report: pup_init_report) {
    self.init(code: report.code, status: report.status)
    (userMicroseconds, systemMicroseconds, maxResidentKilobytes) = (report.user_us, report.system_us, report.max_rss_kb)
  }

  /// As wait(2) encodes it.
  init(waitStatus: Int32) {
    let signal = waitStatus & 0x7F
    if signal == 0 {
      self.init(kind: .exited, value: waitStatus >> 8 & 0xFF)
    } else {
      self.init(kind: waitStatus & 0x80 != 0 ? .dumpedCore : .signaled, value: signal)
    }
  }
}
