internal import Glibc
internal import PupBasics
internal import PupSystem

extension Keeper {
  /// What a brain in charge asks for, or says.
  func handle(_ packet: PacketSocket.Packet, from brain: Brain) {
    if brain.isRefused { return }
    let message: BrainMessage
    do throws(FormatError) {
      guard let known = try BrainMessage.decoded(packet.bytes[...]) else { return }
      message = known
    } catch {
      let reason = "the supervisor sent a message of \(packet.bytes.count) bytes that is not understood: \(error)"
      // One that has not taken over would wait for ever for what it has asked for.
      return brain.readyAt == nil ? brains.refuse(brain, reason, isFinal: error.isRefusal) : complain(reason)
    }
    guard brain.greeted || message.mayComeBeforeHello else {
      return brains.refuse(brain, "the supervisor did not greet before it asked for something", isFinal: false)
    }
    perform(message, packet.descriptors, for: brain)
  }

  /// Descriptors that nobody takes are closed.
  private func perform(_ message: BrainMessage, _ descriptors: [Descriptor], for brain: Brain) {
    switch message {
    case .hello(let hello): brains.greet(brain, hello)
    case .beat: brain.lastBeat = max(brain.lastBeat, Clock.monotonic)
    case .inventoryReceived(let chunk): link.inventoryReceived(chunk, by: brain)
    case .ready: becameReady(brain)
    case .spawn(let key): control.spawn(key, descriptors)
    case .signal(let key, let signal, let scope): control.signal(key, signal, scope: scope)
    case .adopt(let entry, let grace, let timeout):
      brain.progressAt = Clock.monotonic
      control.adopt(entry, grace: grace, timeout: timeout, descriptors: descriptors)
    case .forget(let key): control.forget(key)
    case .notify(let text): serviceManager.send(text)
    case .exit(let code):
      brain.farewell = code
      brain.lastBeat = Clock.monotonic
    case .keep(let name): store.keep(descriptors, name: name)
    case .drop(let name): store.drop(name: name)
    case .ending(let reason): brain.lastWords = String(reason.prefix(500))
    }
  }

  private func becameReady(_ brain: Brain) {
    Footprint.shrink()
    brains.becameReady(brain)
    // After an upgrade the keeper follows.
    if upgrades.succeeded() { replaceSelf() }
    brain.lastBeat = Clock.monotonic
  }
}

extension BrainMessage {
  /// What a brain may say to a keeper that has not agreed with it yet on how they speak.
  fileprivate var mayComeBeforeHello: Bool {
    switch self {
    case .hello, .beat, .ending: true
    default: false
    }
  }
}
