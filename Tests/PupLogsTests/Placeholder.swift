@testable import PupLogs
