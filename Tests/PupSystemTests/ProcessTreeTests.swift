import Glibc
import Testing

@testable import PupSystem

/// Real processes, found and signalled by each way in which a run can be known.
@Suite struct ProcessTreeTests {
  private static let twoChildren = "sleep 100 & sleep 100 & echo $$; wait"

  // MARK: Session

  @Test func sessionOfALeader() throws {
    let shell = try TestTree(Self.twoChildren)
    let tree = ProcessTree(leader: shell.leader)
    let members = tree.members()
    #expect(members.count == 3 && members.contains(shell.leader.pid))
    #expect(members.allSatisfy(tree.contains))
    #expect(!tree.contains(getpid()))
    #expect(tree.usage().processes == 1)
    tree.kill()
    try TestTree.awaitEnd(of: members)
    // A zombie leader is no member.
    #expect(tree.members().isEmpty)
  }

  /// Its parent does not hold it: the leader's end is not the session's.
  @Test func sessionWithoutItsLeader() throws {
    let shell = try TestTree("sleep 100 & echo $!; exec sleep 100")
    let tree = ProcessTree(leader: shell.leader)
    let rest = tree.members().filter { $0 != shell.leader.pid }
    #expect(rest.count == 1)
    shell.leader.signal(SIGKILL)
    try TestTree.awaitEnd(of: [shell.leader.pid])
    #expect(tree.members() == rest)
    tree.signal(SIGTERM)
    try TestTree.awaitEnd(of: rest)
    #expect(tree.members().isEmpty)
  }

  @Test func reusedNumberIsNobodysTree() throws {
    let shell = try TestTree(Self.twoChildren)
    let earlier = ProcessIdentity(pid: shell.leader.pid, startTime: shell.leader.startTime - 1)
    #expect(ProcessTree(leader: earlier).members().isEmpty)
    let below = ProcessTree(leader: earlier, initProcess: earlier)
    #expect(below.members().isEmpty)
    below.kill()
    ProcessTree(leader: earlier).kill()
    earlier.signal(SIGKILL)
    #expect(ProcessTree(leader: shell.leader).members().count == 3)
    #expect(shell.leader.isAlive && !earlier.isAlive && !earlier.isThere)
  }

  // MARK: pup-init

  @Test func everythingBelowAnInit() throws {
    let shell = try TestTree("sh -c 'sleep 100 & sleep 100 & echo ready; wait' & wait")
    let tree = ProcessTree(leader: ProcessIdentity(pid: 0, startTime: 0), initProcess: shell.leader)
    let members = tree.members()
    #expect(members.count == 3 && !members.contains(shell.leader.pid))
    #expect(members.allSatisfy(tree.contains))
    #expect(!tree.contains(shell.leader.pid) && !tree.contains(getpid()))
    #expect(tree.usage().processes == 3)
  }

  @Test func killedBelowAnInit() throws {
    let shell = try TestTree("sleep 100 & sleep 100 & echo ready; exec sleep 100")
    let tree = ProcessTree(leader: ProcessIdentity(pid: 0, startTime: 0), initProcess: shell.leader)
    let members = tree.members()
    #expect(members.count == 2)
    tree.kill()
    try TestTree.awaitEnd(of: members)
    #expect(shell.leader.isAlive)
  }

  @Test func groupOfTheLeaderIsSpared() throws {
    let shell = try TestTree("sleep 100 & setsid sh -c 'echo ready; exec sleep 100' & wait")
    let tree = ProcessTree(leader: shell.leader, initProcess: shell.leader)
    let members = tree.members()
    let (same, other) = (members.filter { getpgid($0) == shell.leader.pid }, members.filter { getpgid($0) != shell.leader.pid })
    #expect(same.count == 1 && other.count == 1)
    tree.signal(SIGTERM, sparesGroup: true)
    try TestTree.awaitEnd(of: other)
    #expect(same.allSatisfy { ProcessIdentity(pid: $0) != nil })
    tree.signal(SIGTERM, but: Set(same))
    #expect(same.allSatisfy { ProcessIdentity(pid: $0) != nil })
    tree.signal(SIGTERM)
    try TestTree.awaitEnd(of: same)
  }

  // MARK: cgroup

  @Suite(.enabled(if: TestCgroup.isPossible, "needs a cgroup v2 in which this user can make others"))
  struct InACgroup {
    @Test func everyoneInItAndBelow() throws {
      let cgroup = try TestCgroup()
      let below = "\(cgroup.path)/made"
      let shell = try TestTree(
        "echo $$ >\(cgroup.path)/cgroup.procs; mkdir \(below); sleep 100 & sh -c 'echo $$ >\(below)/cgroup.procs; echo in; exec sleep 100' & wait"
      )
      let tree = ProcessTree(leader: shell.leader, cgroup: CgroupFolder(path: cgroup.path))
      let members = tree.members()
      #expect(members.count == 3)
      #expect(members.allSatisfy(tree.contains))
      #expect(!tree.contains(getpid()))
      #expect(tree.usage().processes == 3)
      tree.kill()
      try TestTree.awaitEnd(of: members)
      #expect(tree.members().isEmpty)
      // What it used is counted when it is gone.
      #expect(tree.cgroup?.cpuMicroseconds ?? 0 > 0)
    }

    @Test func besideAnInit() throws {
      let cgroup = try TestCgroup()
      let outside = try #require(TestCgroup.parent)
      // The shell is the init; one child stays in the cgroup, and one leaves it.
      let shell = try TestTree(
        "echo $$ >\(cgroup.path)/cgroup.procs; sleep 100 & sh -c 'echo $$ >\(outside)/cgroup.procs; echo out; exec sleep 100' & wait"
      )
      let tree = ProcessTree(
        leader: ProcessIdentity(pid: 0, startTime: 0), cgroup: CgroupFolder(path: cgroup.path), initProcess: shell.leader)
      let members = tree.members()
      #expect(members.count == 2 && Set(members).count == 2 && !members.contains(shell.leader.pid))
      #expect(members.allSatisfy(tree.contains))
      #expect(members.count { tree.cgroup?.contains($0) == true } == 1)
      #expect(tree.usage().processes == 2)
      tree.kill()
      try TestTree.awaitEnd(of: members + [shell.leader.pid])
    }

    /// The name is another's by now.
    @Test func folderThatWasMadeAnew() throws {
      let cgroup = try TestCgroup()
      let directory = open(cgroup.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      defer { close(directory) }
      let held = CgroupFolder(path: cgroup.path, descriptor: directory)
      #expect(held.members() == [])
      #expect(rmdir(cgroup.path) == 0 && mkdir(cgroup.path, 0o755) == 0)
      #expect(held.members() == nil)
      #expect(CgroupFolder(path: cgroup.path).members() == [])
    }
  }

  @Test func cgroupThatIsNotThere() throws {
    let shell = try TestTree(Self.twoChildren)
    let gone = CgroupFolder(path: "/sys/fs/cgroup/pup-test-none/web.1")
    #expect(gone.members() == nil && !gone.kill() && gone.cpuMicroseconds == nil && !gone.contains(shell.leader.pid))
    #expect(ProcessTree(leader: shell.leader, cgroup: gone).members().isEmpty)
    // Where only the record of a run says what it has, a pup-init's tree is measured all the same.
    let tree = ProcessTree(leader: shell.leader, cgroup: gone, initProcess: shell.leader)
    #expect(tree.usage().processes == 2)
    #expect(ProcessTree(leader: shell.leader, cgroup: gone).usage().processes == 1)
  }
}
