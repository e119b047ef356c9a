internal import PupBasics
internal import PupCore
internal import PupInstance
internal import PupSystem

/// What a brain does next with what it has found.
enum TakeOverDecision: Hashable {
  /// Another version has written what this one must not guess at; the brain before it, which can read it, comes back.
  case refuse(FormatError)
  /// More processes are configured than the state file has places for; this is the first of those without one.
  case noRoom(ProcessID)
  /// Another keeper has started these runs. This one is asked to adopt them, and its answers become part of the inventory.
  case adopt([Adoption])
  case begin(TakeOverPlan)

  /// A run of the state file that the keeper does not have.
  struct Adoption: Hashable {
    var key: EntryKey
    var process: ProcessID
    var run: RunRecord
  }
}

extension TakeOverFacts {
  func decision() -> TakeOverDecision {
    do throws(FormatError) {
      let records = try records()
      let adoptions = adoptions
      return adoptions.isEmpty ? plan(records) : .adopt(adoptions)
    } catch {
      return .refuse(error)
    }
  }

  /// The core's records, by the places that they are in; a damaged one is left behind.
  private func records() throws(FormatError) -> [Int: ProcessRecord] {
    var records: [Int: ProcessRecord] = [:]
    for (slot, content) in slots {
      do throws(FormatError) {
        records[slot] = try ProcessRecord(decoding: content.record)
      } catch  where error.isRefusal {
        throw error
      } catch {}
    }
    return records
  }

  private var adoptions: [TakeOverDecision.Adoption] {
    guard !isSameKeeper, !isAnswered else { return [] }
    return slots.sorted { $0.key < $1.key }.flatMap { slot, content in
      content.runs.compactMap { run in
        let key = EntryKey(slot: UInt32(slot), generation: run.generation)
        guard inventory[key] == nil else { return nil }
        return TakeOverDecision.Adoption(key: key, process: ProcessID(content.process), run: run)
      }
    }
  }

  /// Whether there is anything to take over. Otherwise what is recorded is history.
  private var isTakeOver: Bool {
    if isAnswered { return inventory.values.contains(where: \.isSurvivor) }
    return header.begun && (isSameKeeper || !inventory.isEmpty)
  }

  private func plan(_ records: [Int: ProcessRecord]) -> TakeOverDecision {
    var plan = TakeOverPlan(self, records)
    if !isTakeOver { plan.startFresh(self) }
    do throws(TakeOverPlan.NoRoom) {
      try plan.place(configured)
    } catch {
      return .noRoom(error.process)
    }
    if isTakeOver { plan.takeOver(self) }
    plan.findFreeRows(self)
    return .begin(plan)
  }
}

extension InventoryEntry {
  /// Something of it is alive, or its end is news.
  var isSurvivor: Bool { phase == .running || phase == .spawning || phase == .exited }
}
